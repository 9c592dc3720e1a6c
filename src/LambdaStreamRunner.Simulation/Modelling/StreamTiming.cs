namespace LambdaStreamRunner.Simulation.Modelling;

/// <summary>How long records take from a producer to a poller, besides the polling itself.</summary>
/// <remarks>Measured on AWS (eu-west-1, September 2022, 1,024 records), added latency of Kinesis to Lambda at P10/P50/P90/P99: 267/627/965/1,580 ms with GetRecords, 28.8/49.4/67.5/109 ms with enhanced fan-out.</remarks>
public enum StreamTiming
{
    /// <summary>As measured on AWS: a random phase of the poll, and a base that varies. The default.</summary>
    Aws,

    /// <summary>Records are there at once, a poll takes no time: what theory speaks about.</summary>
    Ideal,
}
