using System.Globalization;
using System.Text.Json.Nodes;

namespace LambdaStreamRunner.Runner.Tests.Environments.Processes;

/// <summary>What environments have used is given back when they end. LAMBDA_STREAM_RESTARTS makes it longer.</summary>
public sealed class RestartTests
{
    private const int RestartsDefault = 200;
    private static readonly TimeSpan RestartMax = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task Environments_that_end_leave_no_file_no_folder_no_thread_and_no_memory()
    {
        int count = int.Parse(Environment.GetEnvironmentVariable("LAMBDA_STREAM_RESTARTS") ?? $"{RestartsDefault}", CultureInfo.InvariantCulture);
        using Starter starter = Starter.Run("function", "Strongest", $"{count}", Path.Combine(AppContext.BaseDirectory, "Restarted"));
        JsonNode figures = JsonNode.Parse(await starter.LineWithinAsync(RestartMax * count))!;
        await starter.EndedAsync();
        TestContext.Current.TestOutputHelper?.WriteLine(figures.ToJsonString());

        const int OfTheRuntime = 12;   // assemblies that are loaded when they are first needed, threads of the pool
        const int OfTheHeap = 64;      // MB: freed memory goes back to the system late
        Assert.Equal(count, (int)figures["coldStarts"]!);
        Assert.InRange(Grown("files"), int.MinValue, OfTheRuntime);
        Assert.InRange(Grown("threads"), int.MinValue, OfTheRuntime);
        Assert.InRange(Grown("residentMB"), int.MinValue, OfTheHeap);
        Assert.InRange(Grown("heapKB"), int.MinValue, 4096);
        Assert.InRange((int)figures["foldersLeft"]!, 0, 1);   // that of the last one, which was found dead by nobody yet

        int Grown(string what) => (int)figures[$"{what}After"]! - (int)figures[$"{what}Before"]!;
    }
}
