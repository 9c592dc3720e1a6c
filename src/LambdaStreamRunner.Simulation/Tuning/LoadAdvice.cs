namespace LambdaStreamRunner.Simulation.Tuning;

/// <summary>What is to say when a stream, or its lanes, cannot take the traffic.</summary>
internal sealed class LoadAdvice(TuningRequest request, TrafficSurvey survey, SettingPruning pruning)
{
    /// <summary>Records and bytes per second that a shard takes.</summary>
    private const double ShardRecordsPerSecond = 1_000;

    private const double ShardBytesPerSecond = 1024 * 1024;

    /// <summary>How much is missing, when no setting keeps up.</summary>
    public IEnumerable<string> WhyNoneKeepsUp(TuningResult result)
    {
        if (!result.IsComplete)
            yield break;
        SettingGrid grid = request.Grid;
        TunedSetting best = grid.Settings().OrderBy(pruning.HotKeyLoad).ThenBy(pruning.LanesNeeded).ThenByDescending(setting => setting.ConcurrencyCeiling).First();
        if (request.ReservedConcurrency == 0)
            yield return "No setting does anything: reserved concurrency 0 lets no invocation run. Reserve 1 or more, or leave it out.";
        else if (IsToBlame(pruning.HotKeyLoad(best), pruning.IsHotKeyStable(best), result))
            yield return KeyTooBusy(best);
        else if (IsToBlame(pruning.LanesNeeded(best) / grid.Settings().Max(request.LanesOf), pruning.AreLanesStable(best), result))
            yield return TooFewLanes(best);
        else if (!result.Explored.IsEmpty)
            yield return $"No setting keeps up: in the mean the lanes would, but each of the {Wording.Some(result.Explored.Length, "setting")} that theory left fell behind in the simulation{(request.Failures.HasFailures ? ", where failing records hold their lanes" : FormattableString.Invariant($", at a peak of {survey.PeakPerSecond:N0} records/s against {survey.RatePerSecond:N0} in the mean"))}. Allow more shards (--shards) or larger batches, or make the function faster.";
        else
            yield return "No setting is left: " + string.Join(" ", result.Pruned.Select(pruned => FormattableString.Invariant($"{pruned.Count:N0} were ruled out because: {pruned.Reason}")));
    }

    /// <summary>A load is why nothing is left when it was ruled out, or when what was simulated fell behind under it.</summary>
    private static bool IsToBlame(double load, bool isStable, TuningResult result) => result.Explored.IsEmpty ? !isStable : load >= 1;

    private string KeyTooBusy(TunedSetting best) =>
        $"No setting keeps up: key `{request.Traffic.NameOf(survey.Busiest!.Value.Key)}` alone needs {Wording.Number(pruning.HotKeyLoad(best))} of a lane even in batches of {Wording.Number(pruning.FullBatch(best.Mapping.BatchSize))}, and no setting splits a key. Divide the key, or make the function faster.";

    private string TooFewLanes(TunedSetting best)
    {
        SettingGrid grid = request.Grid;
        int batch = pruning.FullBatch(best.Mapping.BatchSize);
        double needed = pruning.LanesNeeded(best);
        string arithmetic = FormattableString.Invariant($"{survey.RatePerSecond:N0} records/s, {Wording.Time(request.Handler.MeanDurationOf(batch))} for a batch of {Wording.Number(batch)}");
        string lanes = $"at most {Wording.Number(grid.Settings().Max(request.LanesOf))} are there ({Wording.Some(grid.Shards.Max(), "shard")} × ParallelizationFactor {grid.ParallelizationFactors.Max()}{(request.ReservedConcurrency is { } reserved ? FormattableString.Invariant($", reserved concurrency {reserved}") : "")})";
        long shards = (long)Math.Floor(needed / Core.Mappings.EventSourceMappingLimits.ParallelizationFactorMax) + 1;
        string remedy = request.ReservedConcurrency <= needed ? $"Reserve more than {Wording.Number(needed)} and allow" : "Allow";
        return $"No setting keeps up: the traffic needs {Wording.Number(needed)} lanes ({arithmetic}); {lanes}. {remedy} {Wording.Some(shards, "shard")} (--shards), or make the function faster.";
    }

    /// <summary>What a stream refuses before any mapping sees it.</summary>
    public string? WriteLimits(TunedSetting setting, ShardPeak peak)
    {
        double busiest = ShardsFor(peak.Records, peak.Bytes);
        if (busiest <= 1)
            return null;
        string found = FormattableString.Invariant($"At its peak the traffic brings {peak.Records:N0} records and {peak.Bytes / 1_000_000.0:0.##} MB to one shard within a second, more than the 1,000 records and 1 MB that it takes: producers would be throttled.");
        if (ShardsFor(peak.KeyRecords, peak.KeyBytes) > 1)
            return $"{found} Key `{request.Traffic.NameOf(survey.Busiest!.Value.Key)}` alone does so ({Wording.Some(peak.KeyRecords, "record")}), and more shards do not split a key: divide the key, or put several records into one.";
        double needed = Math.Max(ShardsFor(survey.PeakPerSecond, survey.PeakPerSecond * survey.PayloadMean), setting.Shards + 1);
        return $"{found} It needs at least {Wording.Some((long)Math.Ceiling(needed), "shard")}.";
    }

    /// <summary>Shards that so much per second fills.</summary>
    private static double ShardsFor(double records, double bytes) => Math.Max(records / ShardRecordsPerSecond, bytes / ShardBytesPerSecond);
}
