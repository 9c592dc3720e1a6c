using LambdaStreamRunner.Runner.Hosting;
using LambdaStreamRunner.StreamServer.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace LambdaStreamRunner.Benchmarks.Serving;

/// <summary>The other process: serves until its standard input ends. It says on standard output where.</summary>
internal static class ServedEndpoint
{
    /// <summary>The argument that makes this program serve.</summary>
    public const string Argument = "--serve";

    /// <summary>The stream that is there.</summary>
    public const string Stream = "load";

    /// <summary>Its shards.</summary>
    public const int Shards = 4;


    /// <summary>More than all repetitions of a request put there.</summary>
    private const int MemoryLimitMiB = 4096;

    public static async Task RunAsync(Served served)
    {
        switch (served)
        {
            case Served.Nothing:
                await NothingServer.RunAsync(ServeUntilInputEndsAsync);
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

    /// <summary>kinesalite, from npm.</summary>
    Kinesalite,

    /// <summary>kinesis-local, from npm: kinesis-mock, compiled to JavaScript.</summary>
    KinesisLocal,
}
