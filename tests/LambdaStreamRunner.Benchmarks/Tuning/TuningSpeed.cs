using LambdaStreamRunner.Benchmarks.Reporting;

namespace LambdaStreamRunner.Benchmarks.Tuning;

/// <summary>What a search spends its time on: one run, all runs together, and the trace before them.</summary>
internal static class TuningSpeed
{
    public static async Task RunAsync(Effort effort, Report report)
    {
        FullRuns.Run(effort, report);
        await SearchTime.RunAsync(effort, report);
        await TraceReading.RunAsync(effort, report);
    }
}
