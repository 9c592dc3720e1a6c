using LambdaStreamRunner.Benchmarks.Reporting;

namespace LambdaStreamRunner.Benchmarks.Serving;

/// <summary>The same calls to other emulators of Kinesis. They come from npm, so this needs node.</summary>
internal static class PeersOverHttp
{
    private static readonly (Served, string) Kinesalite = (Served.Kinesalite, "kinesalite");
    private static readonly (Served, string) Ours = (Served.Kinesis, "LambdaStreamRunner");

    public static async Task RunAsync(Effort effort, Report report)
    {
        LoadRequest[] puts = [new PutRequest(PutRequest.RecordsMax, 100), new PutRequest(1, 100)];
        await LoadTable.RunAsync(effort, report, puts, [Kinesalite, (Served.KinesisLocal, "kinesis-local"), Ours], "of kinesalite");

        // kinesis-local takes minutes to be filled with what is read here.
        await LoadTable.RunAsync(effort, report, [new GetRequest(100)], [Kinesalite, Ours], "of kinesalite");
    }
}
