using System.Collections.Immutable;
using LambdaStreamRunner.Simulation.Figures;

namespace LambdaStreamRunner.Simulation.Tuning;

/// <summary>What follows from a search: frontier, choice, what each knob does around it, and what there is to say.</summary>
internal sealed class TuningConclusion(TuningRequest request, TrafficSurvey survey, CostModel costs, SimulationQueue queue, SettingPruning pruning)
{
    /// <summary>Simulations of the whole traffic that a conclusion takes, about.</summary>
    public const int RunsAbout = 90;

    /// <summary>Seeds of the settings around the chosen one.</summary>
    private const int SeedsAround = 3;

    /// <summary>Values of a knob on each side of the chosen one, where the traffic is long; all of them where it is short.</summary>
    private const int NeighboursMax = 2;

    private const long ShortTraffic = 50_000;

    /// <summary>Lane policies disagree when a figure differs by more than this share.</summary>
    private const double Disagreement = 0.10;

    public TuningResult Of(ImmutableArray<Candidate> all, ImmutableArray<Candidate> finalists, ImmutableArray<PrunedSettings> pruned)
    {
        ImmutableArray<TunedPoint> final = FinalPoints(all, finalists);
        ImmutableArray<TunedPoint> frontier = Dominance.Frontier(final);
        TunedPoint? knee = Dominance.Knee(frontier);
        TunedPoint? chosen = request.Objective is { } objective ? CheapestThatMeets(final, objective) : knee;
        TunedPoint? nearest = chosen is null && request.Objective is { } missed
            ? final.Where(point => point.Figures.IsStable).OrderBy(missed.DistanceOf).ThenBy(point => point.Cost.Total).FirstOrDefault()
            : null;
        TunedPoint? centre = chosen ?? nearest;
        queue.Expect(centre is null ? 0 : (double)survey.Records * RunsAbout);
        if (centre is not null && WithCourse(centre) is { } followed)
        {
            frontier = [.. frontier.Select(point => ReferenceEquals(point, centre) ? followed : point)];
            knee = ReferenceEquals(knee, centre) ? followed : knee;
            chosen = chosen is null ? null : followed;
            nearest = chosen is null ? followed : null;
            centre = followed;
        }
        ImmutableArray<KnobSensitivity> sensitivity = centre is null || queue.IsInterrupted ? [] : SensitivityAround(centre, all.Single(candidate => candidate.Setting == centre.Setting).Runs);
        TunedPoint? other = centre is null || queue.IsInterrupted ? null : OtherLanePolicy(centre);
        PoisonStudy? poison = centre is null || queue.IsInterrupted ? null : PoisonStudy.Of(centre.Setting, request, survey, queue);
        ShardPeak? peak = centre is null || queue.IsInterrupted || survey.Busiest is not { } busiest ? null : ShardPeak.Of(request.Traffic, centre.Setting.Shards, busiest.Key);
        var result = new TuningResult
        {
            Inputs = Inputs(),
            Explored = [.. all.Where(candidate => candidate.Point is not null).Select(candidate => candidate.Point!)],
            Frontier = frontier,
            Chosen = chosen,
            Knee = knee,
            NearestFeasible = nearest,
            Sensitivity = sensitivity,
            Advice = [],
            OtherLanePolicy = other,
            Pruned = pruned,
            IsComplete = !queue.IsInterrupted,
        };
        return result with { Advice = new Advice(request, survey, pruning, result, poison, peak).Sentences() };
    }

    /// <summary>The finalists; after an interruption those of the farthest rung that any came to: figures of different parts of the traffic do not compare.</summary>
    private static ImmutableArray<TunedPoint> FinalPoints(ImmutableArray<Candidate> all, ImmutableArray<Candidate> finalists)
    {
        if (!finalists.IsEmpty)
            return [.. finalists.Select(finalist => finalist.Point!)];
        Candidate[] simulated = [.. all.Where(candidate => candidate.Point is not null)];
        int farthest = simulated.Select(candidate => candidate.Rung).DefaultIfEmpty(0).Min();
        return [.. simulated.Where(candidate => candidate.Rung == farthest).Select(candidate => candidate.Point!)];
    }

    /// <summary>Of those that lose no more records than need be and cost the same within a hundredth, the one whose records wait least: the iterator age is that of a batch's last record only.</summary>
    private static TunedPoint? CheapestThatMeets(ImmutableArray<TunedPoint> points, ServiceLevelObjective objective)
    {
        double lossMax = LossLimit.Of(points, objective);
        TunedPoint[] meeting = [.. points.Where(point => objective.IsMetBy(point) && LossLimit.Allows(lossMax, point))];
        if (meeting.Length == 0)
            return null;
        double price = meeting.Min(point => point.Cost.Total) * 1.01;
        return meeting.Where(point => point.Cost.Total <= price)
            .OrderBy(point => point.LatencyP99.Mean).ThenBy(point => point.IteratorAgeP99.Mean).ThenBy(point => point.PeakConcurrency.Mean).ThenBy(point => point.Cost.Total).First();
    }

    /// <summary>The same point with the course of its first run over time, for pictures; null when it was interrupted.</summary>
    private TunedPoint? WithCourse(TunedPoint point)
    {
        SimulationPlan plan = request.PlanOf(point.Setting, request.Seed, TrafficSlice.Whole) with { WithCourse = true };
        return queue.Run("the course over time", [plan], survey.Records)[0] is { } run ? point with { Figures = run } : null;
    }

    private ImmutableArray<KnobSensitivity> SensitivityAround(TunedPoint centre, IReadOnlyList<SimulationFigures> runs)
    {
        (TuningKnob Knob, TunedSetting[] Settings)[] studies =
        [
            .. TuningKnob.All.Where(knob => knob.ValuesIn(request.Grid).Length > 1)
                .Select(knob => (knob, Near([.. knob.Around(request.Grid, centre.Setting).Where(setting => IsWorthwhile(setting, centre))], centre, knob))),
        ];
        TunedSetting[] wanted =
        [
            .. studies.SelectMany(study => study.Settings.Where(setting => !study.Knob.IsSameIn(setting, centre.Setting) && pruning.IsStable(setting))).OrderBy(setting => setting.Shards),
        ];
        Dictionary<TunedSetting, SimulationFigures[]> around = RunsOf(wanted, "one knob at a time", SeedsAround);
        KnobStep Step(TuningKnob knob, TunedSetting setting)
        {
            if (knob.IsSameIn(setting, centre.Setting))
                return new KnobStep(knob.ValueIn(setting), centre, IsChosen: true);
            if (!around.TryGetValue(setting, out SimulationFigures[]? others))
                return new KnobStep(knob.ValueIn(setting), null, IsChosen: false);
            return new KnobStep(knob.ValueIn(setting), PointOf(setting, others), IsChosen: false)
            {
                Effect = Estimates.Effect(centre.Setting, runs, setting, others, costs),
            };
        }
        return [.. studies.Select(study => new KnobSensitivity(study.Knob.Name, [.. study.Settings.Select(setting => Step(study.Knob, setting))]))];
    }

    /// <summary>Unstable settings are worth a word; those that are not allowed, or that do what another one does, are not.</summary>
    private bool IsWorthwhile(TunedSetting setting, TunedPoint centre) =>
        setting == centre.Setting || !pruning.IsStable(setting) || pruning.ReasonAgainst(setting) is null;

    private TunedSetting[] Near(TunedSetting[] settings, TunedPoint centre, TuningKnob knob)
    {
        int place = Array.FindIndex(settings, setting => knob.IsSameIn(setting, centre.Setting));
        return survey.Records <= ShortTraffic ? settings : settings[Math.Max(0, place - NeighboursMax)..Math.Min(settings.Length, place + NeighboursMax + 1)];
    }

    private TunedPoint? OtherLanePolicy(TunedPoint centre)
    {
        if (centre.Setting.Mapping.ParallelizationFactor == 1)
            return null;                                      // one lane: there is nothing to divide
        TunedSetting setting = TuningRequest.WithOtherLanePolicy(centre.Setting);
        TunedPoint? other = RunsOf([setting], "the other lane policy", centre.Runs).TryGetValue(setting, out SimulationFigures[]? runs) ? PointOf(setting, runs) : null;
        return other is not null && (Differ(centre.IteratorAgeP99, other.IteratorAgeP99) || Differ(centre.LatencyP50, other.LatencyP50)
            || Differ(centre.LatencyP99, other.LatencyP99) || Differ(centre.InvocationsPerMillion, other.InvocationsPerMillion))
            ? other
            : null;
    }

    private static bool Differ(Estimate one, Estimate other) => Math.Abs(one.Mean - other.Mean) > Disagreement * Math.Max(one.Mean, other.Mean);

    private TunedPoint PointOf(TunedSetting setting, SimulationFigures[] runs) => Estimates.Point(setting, runs, costs, request.Objective);

    /// <summary>Runs of the settings on the whole traffic, in the order of the seeds; settings that were interrupted are left out.</summary>
    private Dictionary<TunedSetting, SimulationFigures[]> RunsOf(TunedSetting[] settings, string stage, int seeds)
    {
        long[] numbers = [.. request.Seeds().Take(seeds)];
        SimulationPlan[] plans = [.. settings.SelectMany(setting => numbers.Select(seed => request.PlanOf(setting, seed, TrafficSlice.Whole)))];
        SimulationFigures?[] runs = queue.Run(stage, plans, survey.Records);
        Dictionary<TunedSetting, SimulationFigures[]> complete = [];
        for (int i = 0; i < settings.Length; i++)
        {
            SimulationFigures[] of = [.. runs.Skip(i * numbers.Length).Take(numbers.Length).OfType<SimulationFigures>()];
            if (of.Length == numbers.Length)
                complete[settings[i]] = of;
        }
        return complete;
    }

    private TuningInputs Inputs() => new(
        request.Traffic.Description, survey.Records, survey.Duration, request.Handler, request.Failures, request.Objective?.ToString(),
        [.. request.Seeds()], request.PricesName, request.Grid.Count);
}
