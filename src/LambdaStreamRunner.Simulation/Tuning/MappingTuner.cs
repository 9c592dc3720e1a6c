using System.Collections.Immutable;
using LambdaStreamRunner.Simulation.Figures;

namespace LambdaStreamRunner.Simulation.Tuning;

/// <summary>Searches the settings of a mapping: theory rules out, successive halving on the busiest parts of the traffic thins out, and what is left runs on the whole traffic with several seeds.</summary>
/// <remarks>All settings meet the same arrivals, durations and failures (common random numbers). The same request has the same result, whatever the number of threads.</remarks>
public sealed class MappingTuner
{
    /// <summary>Finalists that are looked at in all, a dozen at a time, until one meets the objective.</summary>
    private const int FinalRoundsMax = 3;

    private readonly TuningRequest _request;
    private readonly Func<SimulationPlan, CancellationToken, SimulationFigures> _simulate;
    private readonly TimeProvider _time;

    /// <summary>A search that simulates.</summary>
    /// <param name="request">What is asked for.</param>
    /// <param name="time">For the time that is left; it decides nothing.</param>
    public MappingTuner(TuningRequest request, TimeProvider time)
        : this(request, new Simulator(request.Traffic).Run, time)
    {
    }

    /// <summary>A search over whatever tells the figures of a plan.</summary>
    internal MappingTuner(TuningRequest request, Func<SimulationPlan, CancellationToken, SimulationFigures> simulate, TimeProvider time) =>
        (_request, _simulate, _time) = (request, simulate, time);

    /// <summary>Searches. An interruption is no fault once simulations have begun: the result is what has been found until then.</summary>
    /// <exception cref="ArgumentException">The traffic has no records.</exception>
    /// <exception cref="OperationCanceledException">It was interrupted while the traffic was read, before there was anything to find.</exception>
    public TuningResult Run(IProgress<TuningProgress>? progress = null, CancellationToken cancellation = default)
    {
        if (_request.Traffic.Count == 0)
            throw new ArgumentException("The traffic has no records; there is nothing to tune for.");
        var survey = TrafficSurvey.Of(_request.Traffic, cancellation);
        var costs = new CostModel(_request.Prices, _request.Architecture, _request.Handler.MemorySize, survey.RatePerSecond * 3_600);
        var queue = new SimulationQueue(_simulate, _request.Threads, _time, progress, cancellation);
        var pruning = new SettingPruning(_request, survey);
        (ImmutableArray<TunedSetting> left, ImmutableArray<PrunedSettings> pruned) = pruning.Of(_request.Grid.Settings());
        ImmutableArray<Candidate> all = [.. left.Select(setting => new Candidate(setting))];
        var search = new Search(_request, survey, costs, queue, FinalRoundsMax);
        ImmutableArray<Candidate> finalists = search.Finalists(all);
        return new TuningConclusion(_request, survey, costs, queue, pruning).Of(all, finalists, pruned);
    }

    /// <summary>How the settings of a mapping do on the whole traffic, with all seeds: what a check of an objective needs.</summary>
    public TunedPoint Measure(TunedSetting setting, IProgress<TuningProgress>? progress = null, CancellationToken cancellation = default)
    {
        var survey = TrafficSurvey.Of(_request.Traffic, cancellation);
        var costs = new CostModel(_request.Prices, _request.Architecture, _request.Handler.MemorySize, survey.RatePerSecond * 3_600);
        var queue = new SimulationQueue(_simulate, _request.Threads, _time, progress, cancellation);
        SimulationPlan[] plans = [.. _request.Seeds().Select(seed => _request.PlanOf(setting, seed, TrafficSlice.Whole))];
        queue.Expect((double)survey.Records * plans.Length);
        SimulationFigures?[] runs = queue.Run("the setting", plans, survey.Records);
        cancellation.ThrowIfCancellationRequested();
        return Estimates.Point(setting, [.. runs.Select(run => run!)], costs, _request.Objective);
    }

    /// <summary>The rungs, and the final runs.</summary>
    private sealed class Search(TuningRequest request, TrafficSurvey survey, CostModel costs, SimulationQueue queue, int finalRoundsMax)
    {
        /// <summary>Windows that a slice must hold, so that a long window is not judged by its beginning.</summary>
        private const int WindowsMin = 2;

        private static readonly TimeSpan SliceMin = TimeSpan.FromSeconds(10);

        public ImmutableArray<Candidate> Finalists(ImmutableArray<Candidate> candidates)
        {
            int rungs = Halving.Rungs(candidates.Length, survey.Records);
            for (int rung = rungs; rung >= 0 && candidates.Length > 0; rung--)
            {
                queue.Expect(WorkFrom(rung, candidates.Length));
                Climb(candidates, rung);
                if (queue.IsInterrupted)
                    return [];
                if (rung > 0)
                    candidates = Halving.Keep(candidates, request.Objective);
            }
            return Final(candidates);
        }

        private void Climb(ImmutableArray<Candidate> candidates, int rung)
        {
            TimeSpan share = survey.Duration / Math.Pow(Halving.Factor, rung);
            TrafficSlice[] slices = [.. candidates.Select(candidate => rung == 0 ? TrafficSlice.Whole : SliceFor(candidate.Setting, share))];
            SimulationPlan[] plans = [.. candidates.Select((candidate, i) => request.PlanOf(candidate.Setting, request.Seed, slices[i]))];
            string stage = rung == 0 ? "all of the traffic" : FormattableString.Invariant($"the busiest 1/{Math.Pow(Halving.Factor, rung):0} of the traffic");
            SimulationFigures?[] runs = queue.Run(stage, plans, RecordsOf(rung));
            for (int i = 0; i < runs.Length; i++)
            {
                if (runs[i] is { } run)
                    candidates[i].Replace(run, rung, costs, request.Objective);
            }
        }

        /// <summary>Runs with the other seeds: the settings that no other beats, and those that may be what the objective asks for.</summary>
        private ImmutableArray<Candidate> Final(ImmutableArray<Candidate> candidates)
        {
            List<Candidate> finalists = [];
            double lossMax = request.Objective is { } asked ? LossLimit.Of(candidates.Select(candidate => candidate.Point!), asked) : 0;
            for (int round = 0; round < finalRoundsMax; round++)
            {
                Candidate[] next = [.. NextOf([.. candidates.Except(finalists)], round)];
                if (next.Length == 0)
                    break;
                queue.Expect((double)survey.Records * next.Length * (request.Replications - 1));
                Replicate(next);
                if (queue.IsInterrupted)
                    break;
                finalists.AddRange(next);
                if (request.Objective is not { } objective || finalists.Exists(finalist => objective.IsMetBy(finalist.Point!) && LossLimit.Allows(lossMax, finalist.Point!)))
                    break;
            }
            return [.. finalists];
        }

        private IEnumerable<Candidate> NextOf(Candidate[] candidates, int round)
        {
            TunedPoint[] points = [.. candidates.Select(candidate => candidate.Point!)];
            // Half the places for the objective, the others for the trade-off; an objective that is still not met gets all.
            int promised = request.Objective is null ? 0 : round == 0 ? Halving.FinalistsMax / 2 : Halving.FinalistsMax;
            HashSet<int> chosen = request.Objective is { } objective ? [.. Halving.Promising(points, objective).Take(promised)] : [];
            if (round > 0)
                return chosen.Order().Select(i => candidates[i]);
            ImmutableArray<TunedPoint> frontier = Dominance.Frontier(points);
            Dictionary<TunedPoint, int> places = new(ReferenceEqualityComparer.Instance);
            for (int i = 0; i < points.Length; i++)
                places[points[i]] = i;
            if (Dominance.Knee(frontier) is { } knee)
                chosen.Add(places[knee]);
            foreach (int i in Dominance.Order(frontier))
            {
                if (chosen.Count >= Halving.FinalistsMax)
                    break;
                chosen.Add(places[frontier[i]]);
            }
            return chosen.Order().Select(i => candidates[i]);
        }

        private void Replicate(Candidate[] finalists)
        {
            long[] seeds = [.. request.Seeds().Skip(1)];
            SimulationPlan[] plans = [.. finalists.SelectMany(finalist => seeds.Select(seed => request.PlanOf(finalist.Setting, seed, TrafficSlice.Whole)))];
            SimulationFigures?[] runs = queue.Run("finalists", plans, survey.Records);
            for (int i = 0; i < runs.Length; i++)
            {
                if (runs[i] is { } run)
                    finalists[i / seeds.Length].Add(run, costs, request.Objective);
            }
        }

        private TrafficSlice SliceFor(TunedSetting setting, TimeSpan share)
        {
            TimeSpan needed = (setting.Mapping.MaximumBatchingWindow * WindowsMin) + SliceMin;
            return survey.BusiestOf(share > needed ? share : needed);
        }

        /// <summary>Records that are still to be simulated, about: every rung, the final runs, and what is looked at around the chosen setting.</summary>
        private double WorkFrom(int rung, int settings)
        {
            double records = (double)survey.Records * ((Halving.FinalistsMax * (request.Replications - 1)) + TuningConclusion.RunsAbout);
            for (double left = settings; rung >= 0; rung--, left = Math.Max(Halving.FinalistsMax, left / Halving.Factor))
                records += left * RecordsOf(rung);
            return records;
        }

        private double RecordsOf(int rung) => survey.Records / Math.Pow(Halving.Factor, rung);
    }
}
