using System.Collections.Immutable;

namespace LambdaStreamRunner.Simulation.Tuning;

/// <summary>Rules out settings of which theory knows without a simulation that they cannot keep up, may not be used, or do what another one does.</summary>
internal sealed class SettingPruning(TuningRequest request, TrafficSurvey survey)
{
    /// <summary>Batching windows that the traffic must hold.</summary>
    private const int WindowsMin = 4;

    /// <summary>What is left to do when the traffic ends may take this share of its length: only what takes longer is ruled out. Short traffic is a peak rather than a rate, and a simulation tells what a peak does.</summary>
    private const double DrainShareMax = 0.1;

    /// <summary>Or so long, which is more where the traffic is short.</summary>
    private const double DrainSecondsMax = 60;

    /// <summary>What is left of the settings, in their order, and what was ruled out why.</summary>
    public (ImmutableArray<TunedSetting> Left, ImmutableArray<PrunedSettings> Pruned) Of(IEnumerable<TunedSetting> settings)
    {
        var left = ImmutableArray.CreateBuilder<TunedSetting>();
        Dictionary<string, int> reasons = [];
        foreach (TunedSetting setting in settings)
        {
            if (ReasonAgainst(setting) is { } reason)
                reasons[reason] = reasons.GetValueOrDefault(reason) + 1;
            else
                left.Add(setting);
        }
        return (left.ToImmutable(), [.. reasons.OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => new PrunedSettings(pair.Key, pair.Value))]);
    }

    /// <summary>Why a setting is not simulated; null when it is.</summary>
    public string? ReasonAgainst(TunedSetting setting)
    {
        if (request.ReservedConcurrency == 0)
            return "Reserved concurrency 0 lets no invocation run.";
        if (request.ConcurrencyMax is { } most && setting.ConcurrencyCeiling > most)
            return FormattableString.Invariant($"Shards × ParallelizationFactor is above the {most} concurrent invocations that are allowed.");
        if (IsSameAsSmaller(setting.Mapping.BatchSize))
            return FormattableString.Invariant($"BatchSize is never reached: an event of 6 MB holds about {FullBatch(int.MaxValue):N0} of these records, so that a smaller BatchSize does the same.");
        if (IsWindowTooLong(setting.Mapping.MaximumBatchingWindow))
            return FormattableString.Invariant($"The batching window is longer than a quarter of the traffic ({Wording.Time(survey.Duration)}): too few windows to tell.");
        if (!IsHotKeyStable(setting))
            return "The busiest key alone needs more than all the time of its lane; only a larger BatchSize or a faster function helps it.";
        if (!AreLanesStable(setting))
            return "The lanes do not keep up with the traffic in the mean, even with full batches.";
        return null;
    }

    /// <summary>True when lanes keep up or catch up soon after the traffic, as far as theory knows.</summary>
    public bool IsStable(TunedSetting setting) => IsHotKeyStable(setting) && AreLanesStable(setting);

    /// <summary>Lanes that would be busy all the time at full batches.</summary>
    public double LanesNeeded(TunedSetting setting) => QueueingTheory.LaneLoad(survey.RatePerSecond, request.Handler, FullBatch(setting.Mapping.BatchSize));

    /// <summary>Share of a lane's time that the busiest key needs if it had all batches for itself.</summary>
    public double HotKeyLoad(TunedSetting setting) => survey.Busiest is not { } busiest ? 0 :
        QueueingTheory.HotKeyLoad(busiest.Records / survey.Duration.TotalSeconds, request.Handler, FullBatch(setting.Mapping.BatchSize));

    /// <summary>Records of a full batch.</summary>
    public int FullBatch(int batchSize) => QueueingTheory.EffectiveBatchSize(batchSize, survey.PayloadMean);

    /// <summary>True when the lane of the busiest key keeps up with that key, or catches up soon after the traffic.</summary>
    public bool IsHotKeyStable(TunedSetting setting) => CatchesUp(HotKeyLoad(setting));

    /// <summary>True when all lanes together keep up, or catch up soon after the traffic.</summary>
    public bool AreLanesStable(TunedSetting setting) => CatchesUp(LanesNeeded(setting) / request.LanesOf(setting));

    /// <summary>A window that was asked for alone is simulated all the same.</summary>
    private bool IsWindowTooLong(TimeSpan window) => window * WindowsMin > survey.Duration && request.Grid.Windows.Any(shorter => shorter < window.TotalSeconds);

    private bool CatchesUp(double load)
    {
        double seconds = survey.Duration.TotalSeconds;
        return (load - 1) * seconds <= Math.Max(DrainSecondsMax, seconds * DrainShareMax);
    }

    /// <summary>True when a smaller value of the grid is past the 6 MB already, with a tenth to spare for records that are smaller than the mean.</summary>
    private bool IsSameAsSmaller(int batchSize)
    {
        double held = FullBatch(int.MaxValue) * 1.1;
        return request.Grid.BatchSizes.Any(smaller => smaller < batchSize && smaller > held);
    }
}
