using LambdaStreamRunner.Simulation.Tuning;

namespace LambdaStreamRunner.Host.Verifying;

/// <summary>A setting in a few words.</summary>
internal static class SettingText
{
    /// <summary>What is tuned, by AWS's names.</summary>
    public static string Of(TunedSetting setting) => FormattableString.Invariant(
        $"BatchSize {setting.Mapping.BatchSize}, window {setting.Mapping.MaximumBatchingWindow.TotalSeconds:0} s, ParallelizationFactor {setting.Mapping.ParallelizationFactor}, {setting.Shards} shard{(setting.Shards == 1 ? "" : "s")}{(setting.HasEnhancedFanOut ? ", enhanced fan-out" : "")}");
}
