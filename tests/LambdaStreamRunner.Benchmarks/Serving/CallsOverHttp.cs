using LambdaStreamRunner.Benchmarks.Reporting;

namespace LambdaStreamRunner.Benchmarks.Serving;

/// <summary>Calls over loopback, beside a server that does nothing with them: client here, server in a process of its own.</summary>
internal static class CallsOverHttp
{
    private static readonly LoadRequest[] Requests =
    [
        new PutRequest(PutRequest.RecordsMax, 100), new PutRequest(PutRequest.RecordsMax, 1024), new PutRequest(1, 100), new GetRequest(100),
    ];

    public static Task RunAsync(Effort effort, Report report) => LoadTable.RunAsync(
        effort, report, Requests, [(Served.Nothing, "do-nothing"), (Served.Kinesis, "LambdaStreamRunner")], "of do-nothing");
}
