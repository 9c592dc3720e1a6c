using System.Globalization;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using LambdaStreamRunner.Benchmarks.Reporting;
using Perfolizer.Horology;

namespace LambdaStreamRunner.Benchmarks.Details;

/// <summary>The hot paths one by one, with BenchmarkDotNet.</summary>
internal static class Details
{
    public static Task RunAsync(Effort effort, Report report)
    {
        Job job = Job.Default.WithToolchain(InProcessEmitToolchain.Instance);
        if (effort is Effort.Quick)
            job = job.WithWarmupCount(3).WithIterationCount(3).WithIterationTime(TimeInterval.FromMilliseconds(50));
        ManualConfig config = ManualConfig.CreateEmpty()
            .AddJob(job)
            .AddDiagnoser(BenchmarkDotNet.Diagnosers.MemoryDiagnoser.Default)
            .AddLogger(NullLogger.Instance)
            .WithArtifactsPath(Path.Combine(AppContext.BaseDirectory, "BenchmarkDotNet.Artifacts"));
        Summary summary = BenchmarkRunner.Run<HotPaths>(config);
        report.Table(["", "ns", "standard deviation", "B allocated"], summary.Reports.Select(Row));
        return Task.CompletedTask;
    }

    private static string[] Row(BenchmarkReport report) =>
    [
        report.BenchmarkCase.Descriptor.WorkloadMethod.Name,
        report.ResultStatistics!.Mean.ToString("0.0", CultureInfo.InvariantCulture),
        report.ResultStatistics.StandardDeviation.ToString("0.0", CultureInfo.InvariantCulture),
        (report.GcStats.GetBytesAllocatedPerOperation(report.BenchmarkCase) ?? 0).ToString(CultureInfo.InvariantCulture),
    ];
}
