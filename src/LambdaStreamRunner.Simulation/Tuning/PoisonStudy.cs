using System.Collections.Immutable;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Simulation.Figures;
using LambdaStreamRunner.Simulation.Modelling;

namespace LambdaStreamRunner.Simulation.Tuning;

/// <summary>What one poison record does to a setting, when nothing else fails: simulated with and without ReportBatchItemFailures.</summary>
/// <param name="Blocked">How long it holds its lane when the function fails as a whole.</param>
/// <param name="BlockedReporting">The same when the function reports the record.</param>
/// <param name="Casualties">Innocent records that are given up with it when the function fails as a whole.</param>
/// <param name="BlockedLimited">How long it holds its lane with few retries and bisect, whole failures; null when the setting limits retries already.</param>
internal sealed record PoisonStudy(TimeSpan Blocked, TimeSpan BlockedReporting, long Casualties, TimeSpan? BlockedLimited)
{
    /// <summary>Retries that are proposed where they are unlimited.</summary>
    public const int RetriesProposed = 2;

    /// <summary>Records of the part of the traffic that the record lies in.</summary>
    private const double RecordsAbout = 20_000;

    private const int WindowsMin = 4;

    /// <summary>Null when it was interrupted.</summary>
    public static PoisonStudy? Of(TunedSetting setting, TuningRequest request, TrafficSurvey survey, SimulationQueue queue)
    {
        TimeSpan length = survey.Duration * Math.Min(1, RecordsAbout / survey.Records);
        TimeSpan needed = (setting.Mapping.MaximumBatchingWindow * WindowsMin) + TimeSpan.FromSeconds(10);
        TrafficSlice slice = survey.BusiestOf(length > needed ? length : needed);
        long first = survey.RecordsBefore(slice.From + slice.WarmUp);
        long last = slice.Until is { } until ? survey.RecordsBefore(until) : survey.Records;
        TuningRequest poisoned = request with { Failures = new FailureModel { PoisonRecords = [Math.Min((first + last) / 2, survey.Records - 1)] } };
        bool isUnlimited = setting.Mapping is { MaximumRetryAttempts: EventSourceMapping.Unlimited, MaximumRecordAge: null };
        TunedSetting limited = isUnlimited
            ? setting with { Mapping = setting.Mapping with { MaximumRetryAttempts = RetriesProposed, BisectBatchOnFunctionError = true } }
            : setting;
        List<SimulationPlan> plans =
        [
            poisoned.PlanOf(Responding(setting, []), request.Seed, slice),
            poisoned.PlanOf(Responding(limited, [FunctionResponseType.ReportBatchItemFailures]), request.Seed, slice),
        ];
        if (isUnlimited)
            plans.Add(poisoned.PlanOf(Responding(limited, []), request.Seed, slice));
        SimulationFigures?[] runs = queue.Run("a poison record", plans, Math.Min(RecordsAbout, survey.Records));
        return runs.Any(run => run is null) ? null
            : new PoisonStudy(LongestBlock(runs[0]!), LongestBlock(runs[1]!), runs[0]!.InnocentCasualties, isUnlimited ? LongestBlock(runs[2]!) : null);
    }

    private static TunedSetting Responding(TunedSetting setting, ImmutableArray<FunctionResponseType> types) =>
        setting with { Mapping = setting.Mapping with { FunctionResponseTypes = types } };

    private static TimeSpan LongestBlock(SimulationFigures figures) => figures.Lanes.IsEmpty ? TimeSpan.Zero : figures.Lanes.Max(lane => lane.LongestBlock);
}
