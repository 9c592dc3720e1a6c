using System.Globalization;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Simulation.Tuning;

namespace LambdaStreamRunner.Host.Reports;

/// <summary>Settings in words.</summary>
internal static class SettingWords
{
    /// <summary>The four knobs that matter most: "2 shards, BatchSize 500, window 1 s, ParallelizationFactor 4".</summary>
    public static string Knobs(TunedSetting setting) => string.Create(
        CultureInfo.InvariantCulture,
        $"{Terminal.Figures.Some(setting.Shards, "shard")}, BatchSize {setting.Mapping.BatchSize}, window {Window(setting)}, ParallelizationFactor {setting.Mapping.ParallelizationFactor}");

    /// <summary>MaximumBatchingWindowInSeconds with its unit.</summary>
    public static string Window(TunedSetting setting) => string.Create(CultureInfo.InvariantCulture, $"{setting.Mapping.MaximumBatchingWindow.TotalSeconds:0.###} s");

    /// <summary>What differs from AWS's defaults besides those four.</summary>
    public static IEnumerable<string> Others(TunedSetting setting)
    {
        EventSourceMapping mapping = setting.Mapping;
        if (setting.HasEnhancedFanOut)
            yield return "enhanced fan-out";
        if (mapping.BisectBatchOnFunctionError)
            yield return "bisect";
        if (mapping.ReportsBatchItemFailures)
            yield return "ReportBatchItemFailures";
        if (mapping.MaximumRetryAttempts != EventSourceMapping.Unlimited)
            yield return string.Create(CultureInfo.InvariantCulture, $"retries {mapping.MaximumRetryAttempts}");
        if (mapping.MaximumRecordAge is { } age)
            yield return string.Create(CultureInfo.InvariantCulture, $"record age {age.TotalSeconds:0} s");
        if (mapping.LanePolicy is LanePolicy.DynamicKeys)
            yield return nameof(LanePolicy.DynamicKeys);
    }

    /// <summary>What all points have of those.</summary>
    public static string[] CommonTo(IReadOnlyCollection<TunedPoint> points) =>
        points.Count == 0 ? [] : [.. points.Select(point => Others(point.Setting)).Aggregate((common, next) => common.Intersect(next))];

    /// <summary>All of it in one line.</summary>
    public static string Whole(TunedSetting setting) => string.Join(", ", [Knobs(setting), .. Others(setting)]);
}
