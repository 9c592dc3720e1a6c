using System.Globalization;
using LambdaStreamRunner.Functions;
using LambdaStreamRunner.Functions.Invoking;
using LambdaStreamRunner.Runner.Environments;
using LambdaStreamRunner.Runner.Telemetry;

namespace LambdaStreamRunner.Runner.Tests.Starter;

/// <summary>Invocations whose environments end, one after the other: each needs a port, a folder and a process of its own.</summary>
internal static class RestartFunction
{
    private const int WarmUps = 50;
    private const int BytesPerMegabyte = 1 << 20;

    public static async Task<int> RunAsync(int count, string folder)
    {
        var counts = new EnvironmentCounts();
        var plan = new EnvironmentPlan { Command = Path.Combine(folder, "bootstrap"), TaskRoot = folder, Handler = "none" };
        var settings = new FunctionSettings { FunctionName = "Restarted", Timeout = TimeSpan.FromSeconds(60), MemorySize = 512 };
        await using EnvironmentHost host = await EnvironmentHost.OpenAsync(FunctionListener.Silent, TimeProvider.System, CancellationToken.None);
        await using var function = new ProcessFunction(new EnvironmentBlueprint(plan, settings, "eu-west-1"), host, counts);
        await InvokeAsync(function, WarmUps);
        Figures before = Figures.Now();
        long begun = TimeProvider.System.GetTimestamp();
        await InvokeAsync(function, count);
        double eachMs = TimeProvider.System.GetElapsedTime(begun).TotalMilliseconds / count;
        Figures after = Figures.Now();
        EnvironmentSummary environments = counts.Summarize();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $$"""
            {"count":{{count}},"coldStarts":{{environments.ColdStarts - WarmUps}},"eachMs":{{eachMs:0.00}},"filesBefore":{{before.Files}},"filesAfter":{{after.Files}},"threadsBefore":{{before.Threads}},"threadsAfter":{{after.Threads}},"residentMBBefore":{{before.ResidentMB}},"residentMBAfter":{{after.ResidentMB}},"heapKBBefore":{{before.HeapKB}},"heapKBAfter":{{after.HeapKB}},"foldersLeft":{{after.Folders}}}
            """));
        return 0;
    }

    private static async Task InvokeAsync(ProcessFunction function, int count)
    {
        IFunctionLane lane = function.OpenLane();
        for (int number = 0; number < count; number++)
        {
            // Every second one is answered before its environment ends, every other one is not.
            byte[] order = number % 2 == 0 ? "\"answer\""u8.ToArray() : "\"die\""u8.ToArray();
            FunctionResult result = await lane.InvokeAsync(order, new FunctionInvocation(Guid.NewGuid(), "arn:aws:lambda:eu-west-1:000000000000:function:Restarted"), CancellationToken.None);
            if (number % 2 == 0 ? result is not FunctionResult.Succeeded : result is not FunctionResult.Failed { Error.ErrorType: "Runtime.ExitError" })
                throw new InvalidOperationException($"Invocation {number}: {result}");
        }
    }

    /// <summary>What this process has.</summary>
    private sealed record Figures(int Files, int Threads, long ResidentMB, long HeapKB, int Folders)
    {
        public static Figures Now()
        {
            long heap = GC.GetTotalMemory(forceFullCollection: true);
            return new Figures(
                Directory.GetFileSystemEntries("/proc/self/fd").Length, Directory.GetFileSystemEntries("/proc/self/task").Length,
                Environment.WorkingSet / BytesPerMegabyte, heap / 1024,
                Directory.GetDirectories(Path.GetTempPath(), $"lambda-stream-environments-{Environment.ProcessId}-*").Sum(root => Directory.GetDirectories(root).Length));
        }
    }
}
