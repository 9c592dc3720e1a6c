using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Text;
using LambdaStreamRunner.Runner.Hosting;
using LambdaStreamRunner.StreamServer.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;

namespace LambdaStreamRunner.Benchmarks.Serving;

/// <summary>The other process: serves until its standard input ends. It says on standard output where.</summary>
internal static class ServedEndpoint
{
    /// <summary>The argument that makes this program serve.</summary>
    public const string Argument = "--serve";

    /// <summary>The stream that is there.</summary>
    public const string Stream = "load";

    private const int Shards = 4;

    /// <summary>More than all repetitions of a request put there.</summary>
    private const int MemoryLimitMiB = 4096;

    private const string Number = "49590338271490256608559692538361571095921575989136588898";

    public static async Task RunAsync(Served served)
    {
        switch (served)
        {
            case Served.Nothing:
                await ServeNothingAsync();
                break;
            case Served.Kinesis:
                await ServeKinesisAsync(new StreamRunnerOptions { Port = 0 });
                break;
            default:
                await ServeFromFolderAsync(served is Served.PowerSafe ? Durability.PowerCut : Durability.ProcessEnd);
                break;
        }
    }

    private static async Task ServeFromFolderAsync(Durability durability)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("lambda-stream-load-");
        try
        {
            await ServeKinesisAsync(new StreamRunnerOptions { Port = 0, Durability = durability }.UseDataDirectory(folder.FullName));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task ServeKinesisAsync(StreamRunnerOptions options)
    {
        options.Configuration = options.Configuration with { MemoryLimitMiB = MemoryLimitMiB };
        options.AddStream(Stream, Shards);
        await using var runner = new StreamRunner(options, TimeProvider.System, NullLoggerFactory.Instance);
        await runner.StartAsync(CancellationToken.None);
        await ServeUntilInputEndsAsync(runner.Endpoint!);
        await runner.StopAsync(CancellationToken.None);
    }

    // The same web server, set up alike, that reads a request to its end and answers the same bytes always.
    private static async Task ServeNothingAsync()
    {
        byte[] one = Encoding.ASCII.GetBytes($$"""{"ShardId":"shardId-000000000000","SequenceNumber":"{{Number}}"}""");
        byte[] many = Encoding.ASCII.GetBytes($$"""{"FailedRecordCount":0,"Records":[{{string.Join(',', Enumerable.Repeat(Encoding.ASCII.GetString(one), PutRequest.RecordsMax))}}]}""");
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Loopback, 0);
        });
        await using WebApplication app = builder.Build();
        app.Run(context => AnswerAsync(context, context.Request.Headers["X-Amz-Target"].ToString().EndsWith('s') ? many : one));
        await app.StartAsync();
        await ServeUntilInputEndsAsync(new Uri(app.Urls.First()));
        await app.StopAsync();
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

    private static async Task ServeUntilInputEndsAsync(Uri address)
    {
        await Console.Out.WriteLineAsync(address.ToString());
        await Console.In.ReadToEndAsync();
    }
}

/// <summary>What is served.</summary>
internal enum Served
{
    /// <summary>A web server that does nothing.</summary>
    Nothing,

    /// <summary>The embedded streams, in memory.</summary>
    Kinesis,

    /// <summary>The embedded streams, in a folder.</summary>
    Durable,

    /// <summary>The embedded streams, in a folder, every group of puts synced.</summary>
    PowerSafe,
}
