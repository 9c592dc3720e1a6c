using System.Collections.Immutable;
using LambdaStreamRunner.Core.Mappings.Batching;
using LambdaStreamRunner.Simulation.Figures;

namespace LambdaStreamRunner.Simulation.Tuning;

/// <summary>What a search has to say to people, the most important first.</summary>
internal sealed class Advice(TuningRequest request, TrafficSurvey survey, SettingPruning pruning, TuningResult result, PoisonStudy? poison, ShardPeak? peak)
{
    /// <summary>More than so many sentences nobody reads.</summary>
    private const int SentencesMax = 8;

    /// <summary>A key that needs less of its lane is not worth a word.</summary>
    private const double HotKeyLoadMin = 0.3;

    public ImmutableArray<string> Sentences()
    {
        TunedPoint? centre = result.Chosen ?? result.NearestFeasible;
        IEnumerable<string?> sentences = centre is null
            ? [.. new LoadAdvice(request, survey, pruning).WhyNoneKeepsUp(result)]
            :
            [
                Missed(), Lost(centre), Unseen(centre), peak is { } most ? new LoadAdvice(request, survey, pruning).WriteLimits(centre.Setting, most) : null, HotKey(centre), Binding(centre),
                .. new KnobAdvice(centre, result.Sensitivity).Sentences(), Poison(centre), Window(centre), Poll(centre), ReadHeadroom(centre), Account(centre), Payload(), Duplicates(centre),
            ];
        return [.. sentences.OfType<string>().Take(SentencesMax)];
    }

    private string? Missed()
    {
        if (result.NearestFeasible is not { } nearest || request.Objective is not { } objective)
            return null;
        string missed = string.Join(" and ", objective.Read(nearest).Where(reading => !reading.IsMet).Select(ObjectiveWording.Miss));
        return $"No setting meets {objective}. The nearest is {Wording.Setting(nearest.Setting)}: {missed}.";
    }

    private static string? Lost(TunedPoint centre)
    {
        SimulationFigures figures = centre.Figures;
        string of = Wording.Some(figures.Records, "record");
        string? givenUp = figures.Discarded == 0 ? null :
            $"{Wording.Number(figures.Discarded)} of {of} are given up{Innocent(centre)}: without an on-failure destination (DestinationConfig) they are lost.";
        string? expired = figures.Expired == 0 ? null :
            $"{Wording.Number(figures.Expired)} of {of} leave the stream's retention before they succeed: they are lost, and no on-failure destination hears of them. MaximumRetryAttempts or MaximumRecordAgeInSeconds gives them up in time.";
        return givenUp is null || expired is null ? givenUp ?? expired : $"{givenUp} {expired}";
    }

    private static string Innocent(TunedPoint centre)
    {
        if (centre.Figures.InnocentCasualties == 0)
            return "";
        string remedy = centre.Setting.Mapping switch
        {
            { BisectBatchOnFunctionError: false } => " (BisectBatchOnFunctionError saves those)",
            { ReportsBatchItemFailures: false } => " (ReportBatchItemFailures saves those)",
            _ => "",
        };
        return $", {Wording.Number(centre.Figures.InnocentCasualties)} of them only because they shared a batch with one that fails{remedy}";
    }

    /// <summary>The objective as the beginning of a longer one.</summary>
    private string Besides() => request.Objective is { } given ? $"{given} and " : "";

    /// <summary>AWS's iterator age is that of a batch's last record: a batch that gathered for long looks fresh when its last record is.</summary>
    private string? Unseen(TunedPoint centre)
    {
        const double TimesMin = 5;
        const double LongFrom = 5_000;
        (double age, double latency) = (centre.IteratorAgeP99.Mean, centre.LatencyP99.Mean);
        bool isLimited = request.Objective?.Limits.Any(limit => limit.Figure.Name.StartsWith("latency.", StringComparison.Ordinal)) ?? false;
        if (isLimited || latency < LongFrom || latency < TimesMin * age)
            return null;
        return $"Records wait much longer than the iterator age tells: its p99 of {Wording.Time(age)} is the age of each batch's last record, while half of the records wait {Wording.Time(centre.LatencyP50.Mean)} from their arrival to the end of their invocation, and 1 of 100 waits {Wording.Time(latency)} or more. If that is too long, limit it too: --slo \"{Besides()}latency.p99 < 5s\".";
    }

    private static string? HotKey(TunedPoint centre)
    {
        if (centre.Figures.HotKeys.IsEmpty || centre.Figures.HotKeys.MaxBy(key => key.LaneLoad) is not { LaneLoad: >= HotKeyLoadMin } hot)
            return null;
        return $"Key `{hot.Key}` alone needs {FormattableString.Invariant($"{hot.LaneLoad:0.##}")} of a lane ({Wording.Percent(hot.Share)} of the records): more parallelization will not help it; larger batches or a faster function do.";
    }

    private string? Binding(TunedPoint centre)
    {
        ConcurrencyFigures concurrency = centre.Figures.Concurrency;
        string reached = FormattableString.Invariant($"{concurrency.Peak} of {concurrency.Ceiling} possible invocations ran at once");
        return concurrency.BoundBy switch
        {
            ConcurrencyBound.Lanes => $"{reached}: the lanes are the limit; a higher ParallelizationFactor or more shards lower the iterator age.",
            ConcurrencyBound.DistinctKeys => $"{reached}: there are too few different keys ({Wording.Number(centre.Figures.DistinctKeys)}) to use more lanes, so a higher ParallelizationFactor does nothing.",
            ConcurrencyBound.HotKey => $"{reached}: one key holds back its lane; no setting splits a key.",
            ConcurrencyBound.ReservedConcurrency => $"{reached}: concurrency of the function is the limit ({Wording.Some(centre.Figures.Throttles, "throttle")}); reserve {centre.Setting.ConcurrencyCeiling} or lower ParallelizationFactor.",
            ConcurrencyBound.PollRate when request.Timing is Modelling.StreamTiming.Aws => $"{reached}: records come in one poll per second and are done before the next; more lanes would be idle.",
            ConcurrencyBound.Failures => $"{reached}: failing records hold their lanes.",
            _ => null,
        };
    }

    private string? Poison(TunedPoint centre)
    {
        if (poison is null || poison.Blocked == TimeSpan.Zero)
            return null;
        if (poison.BlockedLimited is { } limited)
            return $"One poison record blocks its lane {Wording.Time(poison.Blocked)}, because nothing limits its retries; with MaximumRetryAttempts {PoisonStudy.RetriesProposed} and BisectBatchOnFunctionError {Wording.Time(limited)}, with ReportBatchItemFailures besides {Wording.Time(poison.BlockedReporting)}.";
        string reporting = centre.Setting.Mapping.ReportsBatchItemFailures ? "without ReportBatchItemFailures" : "as it is";
        string innocent = poison.Casualties == 0 ? "" : $", and takes {Wording.Some(poison.Casualties, "innocent record")} with it";
        return $"One poison record blocks its lane {Wording.Time(poison.Blocked)} {reporting}{innocent}; with ReportBatchItemFailures {Wording.Time(poison.BlockedReporting)}.";
    }

    private static string? Window(TunedPoint centre)
    {
        BatchFigures batches = centre.Figures.Batches;
        if (centre.Setting.Mapping.MaximumBatchingWindow == TimeSpan.Zero || batches.Count == 0)
            return null;
        double full = (double)batches.ClosedBy.GetValueOrDefault(FlushReason.Size) / batches.Count;
        return full < 0.9 ? null :
            $"{Wording.Percent(full)} of the batches are full before the batching window of {centre.Setting.Mapping.MaximumBatchingWindow.TotalSeconds:0} s is over: it only matters when traffic is thin, and a longer one would change nothing.";
    }

    private static string? Poll(TunedPoint centre)
    {
        double poll = centre.Figures.LatencyParts.Poll.Mean;
        return centre.Setting.HasEnhancedFanOut || poll < 0.3 * centre.Figures.Latency.Mean || centre.Figures.Latency.Count == 0 ? null :
            $"Records wait {Wording.Time(poll)} of {Wording.Time(centre.Figures.Latency.Mean)} until they are read: a shard is polled once per second, whatever the window; only enhanced fan-out is faster.";
    }

    /// <summary>2 MB/s and 5 calls per second of a shard are shared by all its consumers without enhanced fan-out.</summary>
    private string? ReadHeadroom(TunedPoint centre)
    {
        const double BytesPerSecond = 2 * 1024 * 1024;
        double read = peak is { } most ? most.Bytes / BytesPerSecond : 0;
        return centre.Setting.HasEnhancedFanOut || read < 0.25 ? null :
            $"At the peak this consumer takes {Wording.Percent(read)} of the 2 MB/s that all standard consumers of a shard share: {(read >= 0.5 ? "a second one needs enhanced fan-out or more shards" : Wording.Some((long)(1 / read) - 1, "more consumer") + " like it fit")}.";
    }

    private static string? Account(TunedPoint centre)
    {
        double share = centre.PeakConcurrency.High / TuningRequest.AccountConcurrency;
        return share < 0.3 ? null :
            $"{Wording.Number(centre.PeakConcurrency.High)} invocations at once are {Wording.Percent(share)} of an account's default limit of 1,000, which all its functions share.";
    }

    private string? Payload()
    {
        int full = pruning.FullBatch(int.MaxValue);
        return full >= request.Grid.BatchSizes.DefaultIfEmpty(0).Max() ? null :
            $"A BatchSize above {Wording.Number(full)} is never reached: an event of 6 MB holds no more of these records ({Wording.Number(survey.PayloadMean)} bytes in the mean).";
    }

    private static string? Duplicates(TunedPoint centre)
    {
        double repeated = centre.DuplicatesPerThousand.Mean;
        if (repeated < 1)
            return null;
        string howOften = repeated > 1_000
            ? FormattableString.Invariant($"A record is delivered again {repeated / 1_000:0.#} times in the mean")
            : $"Of 1,000 records {Wording.Number(repeated)} are delivered again";
        return $"{howOften}: the function must do the same when it sees a record twice.";
    }
}
