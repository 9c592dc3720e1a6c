using System.Collections.Immutable;
using LambdaStreamRunner.Host.Measuring;
using LambdaStreamRunner.Host.Reports;
using LambdaStreamRunner.Host.Verbs;
using LambdaStreamRunner.Simulation.Modelling;
using LambdaStreamRunner.Simulation.Traffic;
using LambdaStreamRunner.Simulation.Tuning;

namespace LambdaStreamRunner.Host.Verifying;

/// <summary>Holds predictions against runs with the real function: under virtual time first, then in real time.</summary>
/// <remarks>
/// The prediction is for the very records that are run, the busiest stretch of the traffic, and for what a run on this machine has:
/// no delay between producer and poller, a warm function, no failures but its own. Under virtual time invocations run alone, so
/// slow-downs beside others are left out of that prediction.
/// </remarks>
/// <param name="function">The function, loaded and warm.</param>
/// <param name="samples">Payloads that it takes.</param>
/// <param name="traffic">What the settings were chosen for.</param>
/// <param name="plan">What is verified.</param>
/// <param name="progress">Receives a sentence at the beginning of each run.</param>
/// <param name="time">Measures invocations under virtual time; the system's by default.</param>
internal sealed class Verifier(
    IMeasuredFunction function, SampleRecords samples, StreamTraffic traffic, VerificationPlan plan, Action<string>? progress = null, TimeProvider? time = null)
{
    /// <summary>How much longer than predicted a run under virtual time may take before it is given up.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan Preparation = TimeSpan.FromSeconds(3);

    private readonly Rehearsals _rehearsals = new(traffic, samples, plan);

    /// <summary>A verifier for a function that the command line names: loaded, warm, with records that it takes. Null with an exit code when that is not possible, which has been complained about.</summary>
    /// <param name="choice">Names the function.</param>
    /// <param name="traffic">What settings were chosen for.</param>
    /// <param name="timeMax">Longest time of one run.</param>
    /// <param name="progress">Receives a sentence at the beginning of each run.</param>
    /// <param name="cancellation">Ends the preparation.</param>
    public static async Task<(Verifier? Verifier, int ExitCode)> PrepareAsync(
        HandlerChoice choice, StreamTraffic traffic, TimeSpan timeMax, Action<string>? progress, CancellationToken cancellation)
    {
        if (choice.Function is not { } named)
        {
            Screen.Complain("There is no function to verify with; name one with --function NAME. It can stand beside --handler-model.");
            return (null, ExitCodes.WrongUsage);
        }
        if (await named.LoadAsync(cancellation) is not { } function || (choice.Measured?.Samples ?? await named.ReadSamplesAsync(cancellation)) is not { } samples)
            return (null, ExitCodes.CouldNotRun);
        try
        {
            if (choice.Measured is null)                          // what was measured is warm, and its records are known to be taken
            {
                samples = (await new RecordScreening(function, samples, TimeProvider.System).RunAsync(Preparation, cancellation)).Good;
                await WarmUp.RunAsync(function.OpenLane(), new SampleEvents(samples.Records, TimeProvider.System), [1, 10, 100], Preparation, TimeProvider.System, cancellation);
            }
        }
        catch (HandlerFailsException fails)
        {
            Screen.Complain(fails.Message);
            return (null, ExitCodes.DoneWithLosses);
        }
        var plan = new VerificationPlan { Handler = choice.Model, ReservedConcurrency = choice.ReservedConcurrency, TimeMax = timeMax };
        return (new Verifier(function, samples, traffic, plan, progress), ExitCodes.Done);
    }

    /// <summary>Runs settings, the chosen one first. An interruption ends it with the runs that are done.</summary>
    /// <exception cref="OperationCanceledException">It was interrupted before the first run was done.</exception>
    public async Task<Verification> VerifyAsync(IReadOnlyList<TunedSetting> settings, CancellationToken cancellation)
    {
        ImmutableArray<VerifiedRun>.Builder runs = ImmutableArray.CreateBuilder<VerifiedRun>();
        ImmutableArray<RunLeftOut>.Builder leftOut = ImmutableArray.CreateBuilder<RunLeftOut>();
        foreach ((TunedSetting setting, VerificationClock clock) in settings.SelectMany(setting => plan.Clocks.Select(clock => (setting, clock))))
        {
            try
            {
                (VerifiedRun? run, string? whyNone) = await RunAsync(setting, clock, cancellation);
                if (run is null)
                    leftOut.Add(new RunLeftOut(setting, clock, whyNone!));
                else
                    runs.Add(run);
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested && runs.Count > 0)
            {
                leftOut.Add(new RunLeftOut(setting, clock, "It was interrupted before it was over."));
                break;
            }
            catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
            {
                leftOut.Add(new RunLeftOut(setting, clock, $"It could not be recorded. {refused.Message} The journal of a run lies in the folder for temporary files; TMPDIR names another one."));
            }
        }
        return new Verification(settings[0], runs.ToImmutable()) { LeftOut = leftOut.ToImmutable() };
    }

    private async Task<(VerifiedRun? Run, string? WhyNone)> RunAsync(TunedSetting setting, VerificationClock clock, CancellationToken cancellation)
    {
        Rehearsal rehearsal = _rehearsals.Of(setting, clock, cancellation);
        if (!_rehearsals.HasTimeFor(rehearsal))
            return (null, rehearsal.WhyLeftOut(plan.TimeMax));
        progress?.Invoke($"{SettingWords.Whole(setting)}: the real function {(clock is VerificationClock.Accelerated ? "under virtual time" : "in real time")}, about {Terminal.Figures.Duration(rehearsal.TimeNeeded)}");
        TimeSpan limit = rehearsal.TimeNeeded + Patience;
        ObservedRun? observed = clock is VerificationClock.Accelerated
            ? await Task.Run(() => AcceleratedRun.Run(function, setting, rehearsal.Slice, plan.ReservedConcurrency, limit, time ?? TimeProvider.System, cancellation), cancellation)
            : await new WallRun(function, setting, rehearsal.Slice, plan.ReservedConcurrency, rehearsal.Drain).RunAsync(cancellation);
        if (observed is null)
            return (null, $"It was given up after {Terminal.Figures.Duration(limit)}, and {Terminal.Figures.Duration(rehearsal.TimeNeeded)} were predicted: the function hangs or takes much longer than its model says, or fails again and again. Measure it again.");
        if (observed.Invocations == 0)
            return (null, $"No invocation ended, and {Amounts.Digits(rehearsal.Invocations)} were predicted: there is nothing to compare with. The function hangs, or takes much longer than its model says. Measure it again.");
        return (observed.Beside(rehearsal.Predicted, setting, clock) with { Traffic = rehearsal.Slice.Description }, null);
    }
}

/// <summary>What is verified.</summary>
internal sealed record VerificationPlan
{
    /// <summary>The model that the settings were chosen with.</summary>
    public required HandlerModel Handler { get; init; }

    /// <summary>Most invocations at the same time; null: the account's.</summary>
    public int? ReservedConcurrency { get; init; }

    /// <summary>Usual length of the stretch that is run, the busiest one. It is longer when it shows few invocations, as far as there is time.</summary>
    public TimeSpan Length { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Longest time of one run, in which batching windows have to pass too: with less time the stretch is shorter, and what needs more is left out.</summary>
    public TimeSpan TimeMax { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How it is run, in this order.</summary>
    public ImmutableArray<VerificationClock> Clocks { get; init; } = [VerificationClock.Accelerated, VerificationClock.Wall];
}
