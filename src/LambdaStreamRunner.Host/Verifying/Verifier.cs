using System.Collections.Immutable;
using LambdaStreamRunner.Host.Measuring;
using LambdaStreamRunner.Host.Reports;
using LambdaStreamRunner.Host.Verbs;
using LambdaStreamRunner.Simulation;
using LambdaStreamRunner.Simulation.Figures;
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
    /// <summary>Runs of a prediction; their figures are averaged.</summary>
    private const int Seeds = 5;

    private readonly Lazy<TrafficSlice> _slice = new(() => TrafficSlice.BusiestOf(traffic, plan.Length, samples));
    private Simulator? _simulator;

    /// <summary>A verifier for a function that the command line names: loaded, warm, with records that it takes. Null with an exit code when that is not possible, which has been complained about.</summary>
    /// <param name="choice">Names the function.</param>
    /// <param name="traffic">What settings were chosen for.</param>
    /// <param name="progress">Receives a sentence at the beginning of each run.</param>
    /// <param name="cancellation">Ends the preparation.</param>
    public static async Task<(Verifier? Verifier, int ExitCode)> PrepareAsync(
        HandlerChoice choice, StreamTraffic traffic, Action<string>? progress, CancellationToken cancellation)
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
            if (choice.Measured is null)                      // what was measured is warm, and its records are known to be taken
                samples = (await new RecordScreening(function, samples, TimeProvider.System).RunAsync(WarmUp, cancellation)).Good;
        }
        catch (HandlerFailsException fails)
        {
            Screen.Complain(fails.Message);
            return (null, ExitCodes.DoneWithLosses);
        }
        var plan = new VerificationPlan { Handler = choice.Model, ReservedConcurrency = choice.ReservedConcurrency };
        return (new Verifier(function, samples, traffic, plan, progress), ExitCodes.Done);
    }

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(3);

    /// <summary>The records that are run.</summary>
    public TrafficSlice Slice => _slice.Value;

    /// <summary>Runs settings, the chosen one first. An interruption ends it with the settings that are done.</summary>
    /// <exception cref="OperationCanceledException">It was interrupted before the chosen setting was done.</exception>
    public async Task<Verification> VerifyAsync(IReadOnlyList<TunedSetting> settings, CancellationToken cancellation)
    {
        ImmutableArray<VerifiedRun>.Builder runs = ImmutableArray.CreateBuilder<VerifiedRun>();
        foreach (TunedSetting setting in settings)
        {
            try
            {
                runs.AddRange(await VerifyAsync(setting, cancellation));
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested && runs.Count > 0)
            {
                break;
            }
        }
        return new Verification(runs.ToImmutable());
    }

    private async Task<List<VerifiedRun>> VerifyAsync(TunedSetting setting, CancellationToken cancellation)
    {
        List<VerifiedRun> runs = [];
        foreach (VerificationClock clock in plan.Clocks)
        {
            progress?.Invoke(clock is VerificationClock.Accelerated
                ? $"{SettingWords.Whole(setting)}: the real function under virtual time"
                : $"{SettingWords.Whole(setting)}: the real function in real time, for {Terminal.Figures.Duration(Slice.Duration)} and what is left to settle then");
            SimulationFigures[] predicted = Predict(setting, clock, cancellation);
            ObservedRun observed = clock is VerificationClock.Accelerated
                ? await Task.Run(() => AcceleratedRun.Run(function, setting, Slice, plan.ReservedConcurrency, time ?? TimeProvider.System, cancellation), cancellation)
                : await new WallRun(function, setting, Slice, plan.ReservedConcurrency).RunAsync(cancellation);
            runs.Add(observed.Beside(predicted, setting, clock));
        }
        return runs;
    }

    private SimulationFigures[] Predict(TunedSetting setting, VerificationClock clock, CancellationToken cancellation)
    {
        HandlerModel warm = plan.Handler with { ColdStarts = [] };
        Simulator simulator = _simulator ??= new Simulator(Slice);
        return
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
    }
}

/// <summary>What is verified.</summary>
internal sealed record VerificationPlan
{
    /// <summary>The model that the settings were chosen with.</summary>
    public required HandlerModel Handler { get; init; }

    /// <summary>Most invocations at the same time; null: the account's.</summary>
    public int? ReservedConcurrency { get; init; }

    /// <summary>Length of the stretch that is run, the busiest one.</summary>
    public TimeSpan Length { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How it is run, in this order.</summary>
    public ImmutableArray<VerificationClock> Clocks { get; init; } = [VerificationClock.Accelerated, VerificationClock.Wall];
}
