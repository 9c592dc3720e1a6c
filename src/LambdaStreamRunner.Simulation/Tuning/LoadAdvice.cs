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
        int batch = pruning.FullBatch(best.Mapping.BatchSize);
        if (pruning.HotKeyLoad(best) >= 1)
        {
            yield return $"No setting keeps up: key `{request.Traffic.NameOf(survey.Busiest!.Value.Key)}` alone needs {Wording.Number(pruning.HotKeyLoad(best))} of a lane even in batches of {Wording.Number(batch)}, and no setting splits a key. Divide the key, or make the function faster.";
            yield break;
        }
        double needed = pruning.LanesNeeded(best);
        int most = grid.Settings().Max(request.LanesOf);
        if (needed >= most)
        {
            string arithmetic = FormattableString.Invariant($"{survey.RatePerSecond:N0} records/s, {Wording.Time(request.Handler.MeanDurationOf(batch))} for a batch of {Wording.Number(batch)}");
            yield return $"No setting keeps up: the traffic needs {Wording.Number(needed)} lanes ({arithmetic}); at most {Wording.Number(most)} are there ({Wording.Some(grid.Shards.Max(), "shard")} × ParallelizationFactor {grid.ParallelizationFactors.Max()}{(request.ReservedConcurrency is { } reserved ? FormattableString.Invariant($", reserved concurrency {reserved}") : "")}). Allow {Wording.Some((long)Math.Floor(needed / Core.Mappings.EventSourceMappingLimits.ParallelizationFactorMax) + 1, "shard")} (--shards), or make the function faster.";
            yield break;
        }
        yield return "No setting is left: " + string.Join(" ", result.Pruned.Select(pruned => FormattableString.Invariant($"{pruned.Count:N0} were ruled out because: {pruned.Reason}")));
    }

    /// <summary>What a stream refuses before any mapping sees it.</summary>
    public IEnumerable<string> WriteLimits(TunedSetting setting)
    {
        double records = survey.PeakPerSecond / ShardRecordsPerSecond;
        double bytes = survey.PeakPerSecond * survey.PayloadMean / ShardBytesPerSecond;
        double shards = Math.Max(records, bytes);
        if (shards > setting.Shards)
            yield return $"At its peak ({survey.PeakPerSecond:N0} records/s) the traffic is more than {Wording.Some(setting.Shards, "shard")} take (1,000 records/s and 1 MB/s each): producers would be throttled. It needs {Wording.Some((long)Math.Ceiling(shards), "shard")}.";
    }
}
