using System.Globalization;
using LambdaStreamRunner.Core.Mappings;

namespace LambdaStreamRunner.Simulation.Tuning;

/// <summary>Figures and settings in sentences.</summary>
internal static class Wording
{
    /// <summary>"240 ms", "1.2 s", "4 min 5 s", "2.5 h".</summary>
    public static string Time(double milliseconds) => milliseconds switch
    {
        < 10 => Invariant($"{milliseconds:0.#} ms"),
        < 999.5 => Invariant($"{milliseconds:0} ms"),
        < 9_950 => Invariant($"{milliseconds / 1_000:0.#} s"),
        < 60_000 => Invariant($"{milliseconds / 1_000:0} s"),
        < 3_600_000 => Invariant($"{Math.Floor(milliseconds / 60_000):0} min {Math.Floor(milliseconds / 1_000) % 60:0} s"),
        _ => Invariant($"{milliseconds / 3_600_000:0.#} h"),
    };

    /// <summary>"240 ms".</summary>
    public static string Time(TimeSpan time) => Time(time.TotalMilliseconds);

    /// <summary>"62 %", "0.4 %".</summary>
    public static string Percent(double share) => Math.Abs(share) < 0.0995 ? Invariant($"{share * 100:0.#} %") : Invariant($"{share * 100:0} %");

    /// <summary>"12,345"; "3.2" below ten.</summary>
    public static string Number(double value) => value < 10 ? Invariant($"{value:0.##}") : Invariant($"{value:N0}");

    /// <summary>"2 shards" or "1 shard".</summary>
    public static string Some(long count, string noun) => Invariant($"{count:N0} {noun}{(count == 1 ? "" : "s")}");

    /// <summary>"BatchSize 100, MaximumBatchingWindowInSeconds 1, ParallelizationFactor 2, 1 shard, standard consumer".</summary>
    public static string Setting(TunedSetting setting)
    {
        EventSourceMapping mapping = setting.Mapping;
        string failures = (mapping.BisectBatchOnFunctionError ? ", BisectBatchOnFunctionError" : "")
            + (mapping.MaximumRetryAttempts == EventSourceMapping.Unlimited ? "" : Invariant($", MaximumRetryAttempts {mapping.MaximumRetryAttempts}"));
        return Invariant($"BatchSize {mapping.BatchSize}, MaximumBatchingWindowInSeconds {mapping.MaximumBatchingWindow.TotalSeconds:0}, ParallelizationFactor {mapping.ParallelizationFactor}, {Some(setting.Shards, "shard")}, {(setting.HasEnhancedFanOut ? "enhanced fan-out" : "standard consumer")}")
            + failures;
    }

    /// <summary>"BatchSize 500 and Consumer EFO": what another setting has instead.</summary>
    public static string Differences(TunedSetting from, TunedSetting to) =>
        string.Join(" and ", TuningKnob.All.Where(knob => !knob.IsSameIn(from, to)).Select(knob => $"{knob.Name} {knob.ValueIn(to)}"));

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
