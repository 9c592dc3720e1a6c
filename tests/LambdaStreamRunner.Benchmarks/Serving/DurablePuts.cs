using LambdaStreamRunner.Benchmarks.Reporting;

namespace LambdaStreamRunner.Benchmarks.Serving;

/// <summary>What it costs to keep records on disk: the same puts to streams in memory, in a folder, and in a folder with every group synced.</summary>
internal static class DurablePuts
{
    private static readonly PutRequest[] Requests = [new(PutRequest.RecordsMax, 100), new(1, 100)];

    public static Task RunAsync(Effort effort, Report report) => LoadTable.RunAsync(
        effort, report, Requests, [(Served.Kinesis, "in memory"), (Served.Durable, "--data"), (Served.PowerSafe, "--data --fsync")], "of in memory");
}
