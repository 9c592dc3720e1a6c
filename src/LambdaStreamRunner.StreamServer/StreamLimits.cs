namespace LambdaStreamRunner.StreamServer;

/// <summary>Whether clients are throttled as Kinesis would. The runner's own pollers and inputs never are.</summary>
public enum StreamLimits
{
    /// <summary>No: as fast as the machine is.</summary>
    None,

    /// <summary>As AWS does, by the run clock: throughput of shards, calls per second.</summary>
    Aws,
}
