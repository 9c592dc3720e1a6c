using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace LambdaStreamRunner.Benchmarks.Serving;

/// <summary>The yardstick: the web server as it comes, which reads a request to its end and answers the same bytes always.</summary>
internal static class NothingServer
{
    private const string Number = "49590338271490256608559692538361571095921575989136588898";
    private const string PutResult = $$"""{"ShardId":"shardId-000000000000","SequenceNumber":"{{Number}}"}""";

    /// <param name="serveAsync">Says where it listens, and ends when it shall end.</param>
    public static async Task RunAsync(Func<Uri, Task> serveAsync)
    {
        byte[] one = Encoding.ASCII.GetBytes(PutResult);
        byte[] many = Encoding.ASCII.GetBytes($$"""{"FailedRecordCount":0,"Records":[{{Repeat(PutResult, PutRequest.RecordsMax)}}]}""");
        byte[] page = Encoding.ASCII.GetBytes($$"""{"Records":[{{Repeat(Record(), GetRequest.PageMax)}}],"NextShardIterator":"AAAA","MillisBehindLatest":0}""");
        byte[] iterator = Encoding.ASCII.GetBytes("""{"ShardIterator":"AAAA"}""");
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Loopback, 0);
        });
        await using WebApplication app = builder.Build();
        app.Run(context => AnswerAsync(context, ActionOf(context) switch
        {
            "PutRecord" => one,
            "PutRecords" => many,
            "GetRecords" => page,
            _ => iterator,
        }));
        await app.StartAsync();
        await serveAsync(new Uri(app.Urls.First()));
        await app.StopAsync();
    }

    private static string Repeat(string text, int count) => string.Join(',', Enumerable.Repeat(text, count));

    // As long as the records of the benchmark.
    private static string Record() =>
        $$"""{"SequenceNumber":"{{Number}}","ApproximateArrivalTimestamp":1700000000.123,"Data":"{{Convert.ToBase64String(new byte[100])}}","PartitionKey":"key-123"}""";

    private static string ActionOf(HttpContext context)
    {
        string target = context.Request.Headers["X-Amz-Target"].ToString();
        return target[(target.IndexOf('.', StringComparison.Ordinal) + 1)..];
    }

    private static async Task AnswerAsync(HttpContext context, byte[] answer)
    {
        ReadResult read;
        do
        {
            read = await context.Request.BodyReader.ReadAsync();
            context.Request.BodyReader.AdvanceTo(read.Buffer.End);
        }
        while (!read.IsCompleted);
        context.Response.ContentType = "application/x-amz-json-1.1";
        context.Response.ContentLength = answer.Length;
        context.Response.BodyWriter.Write(answer);
        await context.Response.BodyWriter.FlushAsync();
    }
}
