using LambdaStreamRunner.Host.Measuring;
using LambdaStreamRunner.Host.Terminal;
using LambdaStreamRunner.Simulation;
using LambdaStreamRunner.Simulation.Figures;
using LambdaStreamRunner.Simulation.Modelling;
using LambdaStreamRunner.Simulation.Traffic;
using LambdaStreamRunner.Simulation.Tuning;

namespace LambdaStreamRunner.Host.Verifying;

/// <summary>A run with the real function before it is made: its records, and what is predicted for them.</summary>
/// <param name="Slice">The records.</param>
/// <param name="Clock">How time will pass.</param>
/// <param name="Predicted">One prediction for each seed.</param>
internal sealed record Rehearsal(TrafficSlice Slice, VerificationClock Clock, SimulationFigures[] Predicted)
{
    /// <summary>From the last record until all are settled: a batching window is part of it.</summary>
    public TimeSpan Drain => Predicted.Max(figures => figures.DrainTime);

    /// <summary>Invocations in the mean.</summary>
    public double Invocations => Predicted.Average(figures => figures.Invocations);

    /// <summary>How long the run will take: under virtual time only the function's own work counts, one invocation after the other.</summary>
    public TimeSpan TimeNeeded => Clock is VerificationClock.Wall
        ? WallRun.Phase + Slice.Duration + Drain
        : Predicted.Max(figures => figures.Billed);

    /// <summary>How long it would have to be for a recommendation, at the pace of this stretch.</summary>
    private TimeSpan TimeToJudge => TimeNeeded + (Slice.Duration * Math.Max(0, (Verification.InvocationsMin / Math.Max(1, Invocations)) - 1));

    /// <summary>Why it is not made, and what allows it.</summary>
    /// <param name="allowed">Time that there is.</param>
    public string WhyLeftOut(TimeSpan allowed)
    {
        string why = Clock is VerificationClock.Wall
            ? $"It would take about {Figures.Duration(TimeNeeded)} ({Figures.Duration(Slice.Duration)} of traffic, and {Figures.Duration(Drain)} until the last batch is done), and {Figures.Duration(allowed)} are allowed."
            : $"It would take about {Figures.Duration(TimeNeeded)} (the function's own work for {Figures.Duration(Slice.Duration)} of traffic), and {Figures.Duration(allowed)} are allowed.";
        string enough = Clock is VerificationClock.Wall && Invocations < Verification.InvocationsMin
            ? $" {Figures.Some(Verification.InvocationsMin, "invocation")}, which a recommendation needs, take about {Figures.Duration(TimeToJudge)}."
            : "";
        return FormattableString.Invariant($"{why} Allow it with --verify-time {Math.Ceiling(TimeNeeded.TotalSeconds)}s.{enough}");
    }
}

/// <summary>Finds the stretch of a traffic that a setting is run with: long enough for what is measured to be more than chance, short enough for the time that there is.</summary>
internal sealed class Rehearsals(StreamTraffic traffic, SampleRecords samples, VerificationPlan plan)
{
    /// <summary>Runs of a prediction; their figures are averaged.</summary>
    private const int Seeds = 5;

    /// <summary>A shorter stretch says little about a traffic.</summary>
    private static readonly TimeSpan LengthMin = TimeSpan.FromSeconds(5);

    private readonly Dictionary<TimeSpan, Simulator> _simulators = [];

    /// <summary>The best one that there is time for; when there is time for none, that of the usual length.</summary>
    public Rehearsal Of(TunedSetting setting, VerificationClock clock, CancellationToken cancellation)
    {
        Rehearsal usual = Of(setting, clock, plan.Length, cancellation);
        return HasTimeFor(usual) ? Lengthen(setting, usual, cancellation) : Shorten(setting, usual, cancellation);
    }

    /// <summary>True when there is time for a run.</summary>
    public bool HasTimeFor(Rehearsal rehearsal) => rehearsal.TimeNeeded <= plan.TimeMax;

    private Rehearsal Shorten(TunedSetting setting, Rehearsal usual, CancellationToken cancellation)
    {
        for (TimeSpan length = plan.Length / 2; length >= LengthMin; length /= 2)
        {
            Rehearsal shorter = Of(setting, usual.Clock, length, cancellation);
            if (HasTimeFor(shorter))
                return shorter;
        }
        return usual;
    }

    private Rehearsal Lengthen(TunedSetting setting, Rehearsal usual, CancellationToken cancellation)
    {
        Rehearsal best = usual;
        for (TimeSpan length = plan.Length * 2; best.Invocations < Verification.InvocationsMin && length < traffic.Duration * 2; length *= 2)
        {
            Rehearsal longer = Of(setting, usual.Clock, length, cancellation);
            if (!HasTimeFor(longer))
                return usual.Clock is VerificationClock.Wall ? Longest(setting, best, cancellation) : best;
            best = longer;
        }
        return best;
    }

    // All of the time there is: a doubled stretch did not fit into it.
    private Rehearsal Longest(TunedSetting setting, Rehearsal best, CancellationToken cancellation)
    {
        TimeSpan length = plan.TimeMax - WallRun.Phase - best.Drain;
        if (length <= best.Slice.Duration)
            return best;
        Rehearsal longest = Of(setting, best.Clock, length, cancellation);
        return HasTimeFor(longest) ? longest : best;
    }

    private Rehearsal Of(TunedSetting setting, VerificationClock clock, TimeSpan length, CancellationToken cancellation)
    {
        if (!_simulators.TryGetValue(length, out Simulator? simulator))
            _simulators.Add(length, simulator = new Simulator(TrafficSlice.BusiestOf(traffic, length, samples)));
        HandlerModel warm = plan.Handler with { ColdStarts = [] };
        SimulationFigures[] predicted =
        [
            .. Enumerable.Range(1, Seeds).Select(seed => simulator.Run(
                new SimulationPlan
                {
                    Setting = setting,
                    Handler = clock is VerificationClock.Accelerated ? warm with { SlowDowns = [] } : warm,
                    Timing = StreamTiming.Ideal,
                    ReservedConcurrency = plan.ReservedConcurrency,
                    Seed = seed,
                },
                cancellation)),
        ];
        return new Rehearsal((TrafficSlice)simulator.Traffic, clock, predicted);
    }
}
