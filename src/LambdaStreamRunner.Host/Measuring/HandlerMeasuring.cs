using System.Collections.Immutable;
using LambdaStreamRunner.Core.Contracts;
using LambdaStreamRunner.Functions.Invoking;
using LambdaStreamRunner.Host.Terminal;
using LambdaStreamRunner.Simulation.Modelling;

namespace LambdaStreamRunner.Host.Measuring;

/// <summary>Measures a real function: batch sizes alone, some of them beside others, and in new environments.</summary>
/// <remarks>
/// A duration is what AWS would bill: from the call to its answer, reading the event with the function's serializer included, and
/// the few microseconds in which a thread takes the call up. Writing the event is the runner's work and not part of it.
/// Cells are visited several times in random order, so that a machine that grows slower does not bend the line.
/// </remarks>
/// <param name="function">What is measured.</param>
/// <param name="samples">What it is given.</param>
/// <param name="plan">How much.</param>
/// <param name="time">Measures, and ends the budget.</param>
/// <param name="progress">Receives the share that is done, 0 to 1, and what is being done.</param>
internal sealed class HandlerMeasuring(IMeasuredFunction function, SampleRecords samples, MeasuringPlan plan, TimeProvider time, Action<double, string>? progress = null)
{
    private const int Rounds = 5;

    /// <summary>Visits of a cell with several lanes, which need a while until all of them are at work.</summary>
    private const int RoundsBeside = 2;

    private readonly List<string> _notes = [];
    private readonly long _start = time.GetTimestamp();
    private string? _firstError;

    /// <summary>Measures and fits. An interruption ends it with what there is.</summary>
    /// <exception cref="HandlerFailsException">The function fails at everything.</exception>
    /// <exception cref="OperationCanceledException">It was interrupted before anything was measured.</exception>
    public async Task<MeasuringResult> RunAsync(CancellationToken cancellation)
    {
        Say("looking for records that fail");
        ScreenedRecords screened = await new RecordScreening(function, samples, time).RunAsync(plan.ScreeningBudget, cancellation);
        (int Records, TimeSpan Took)[] sizes = await WarmUpAsync(screened.Good, cancellation);
        MeasuredCell[] cells = CellsOf(sizes);
        ImmutableArray<HandlerMeasurement> cold = [];
        bool isComplete = true;
        try
        {
            await VisitAsync(cells, screened.Good, cancellation);
            cold = await StartColdAsync(screened.Good, cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested && cells.Any(cell => cell is { Concurrency: 1, Count: > 0 }))
        {
            isComplete = false;
            _notes.Add("It was interrupted: this is what had been measured until then.");
        }
        return Conclude(cells, cold, screened, isComplete);
    }

    private MeasuringResult Conclude(MeasuredCell[] cells, ImmutableArray<HandlerMeasurement> cold, ScreenedRecords screened, bool isComplete)
    {
        int failed = cells.Sum(cell => cell.Failed);
        int succeeded = cells.Sum(cell => cell.Count);
        if (!cells.Any(cell => cell is { Concurrency: 1, Count: > 0 }))
            throw new HandlerFailsException($"Function '{function.Name}' took each record once and fails when they come again, so there is nothing to measure. The first failure: {_firstError}");
        if (failed > 0)
            _notes.Add($"{Figures.Some(failed, "invocation")} of {Figures.Count(failed + succeeded)} failed and do not count: records come more than once while it is measured. The first failure: {_firstError}");
        ImmutableArray<HandlerMeasurement> measurements = [.. cells.SelectMany(cell => cell.Measurements()), .. cold];
        return new MeasuringResult
        {
            Function = function.Name,
            Samples = screened.Good,
            Failing = screened.Failing,
            FirstFailure = screened.FirstFailure,
            Measurements = measurements,
            Fit = HandlerFit.Of(measurements),
            Notes = [.. _notes],
            Took = time.GetElapsedTime(_start),
            IsComplete = isComplete,
        };
    }

    // Once through the sizes, the small ones first: so nothing begins that cannot end in time. Then on, until compilers have done their work.
    private async Task<(int Records, TimeSpan Took)[]> WarmUpAsync(SampleRecords good, CancellationToken cancellation)
    {
        MeasuredCall call = function.OpenLane();
        var events = new SampleEvents(good.Records, time);
        List<(int Records, TimeSpan Took)> sizes = [];
        long began = time.GetTimestamp();
        TimeSpan longest = plan.AloneBudget / 4;
        foreach (int size in plan.BatchSizes)
        {
            if (WhyTooLarge(events, size) is { } tooLarge)
            {
                _notes.Add(tooLarge);
                break;
            }
            Say($"warming up with batches of {size}");
            long start = time.GetTimestamp();
            FunctionResult result = await call(events.Write(size), cancellation);
            TimeSpan took = time.GetElapsedTime(start);
            if (sizes.Count > 0 && (result is FunctionResult.TimedOut || took > longest))
            {
                _notes.Add($"Batches of {size} and more are left out: one took {Figures.Duration(took)}, {(result is FunctionResult.TimedOut ? "and ran into the function's Timeout" : "too long for the budget; give more with --budget")}.");
                break;
            }
            sizes.Add((size, took));
        }
        await WarmUp.RunAsync(call, events, [.. sizes.Take(6).Select(size => size.Records)], plan.WarmUpBudget - time.GetElapsedTime(began), time, cancellation);
        return [.. sizes];
    }

    private static string? WhyTooLarge(SampleEvents events, int size) => events.Measure(size) is var length and > KinesisEventFormat.EventLengthMax
        ? FormattableString.Invariant($"Batches of {size} and more are left out: their event would have {length / 1_000_000.0:0.#} MB, and Lambda takes 6 MB.")
        : null;

    // Beside others: the smallest, the largest and one in the middle of those for which even a queue of all lanes has time.
    private MeasuredCell[] CellsOf((int Records, TimeSpan Took)[] sizes)
    {
        int[] concurrencies = [.. plan.Concurrencies.Where(concurrency => concurrency > 1)];
        TimeSpan besideBudget = plan.BesideBudget / Math.Max(1, 3 * concurrencies.Length);
        int widest = concurrencies.DefaultIfEmpty(1).Max();
        int[] quick = [.. sizes.Where((size, index) => index == 0 || size.Took * widest * 2 <= besideBudget).Select(size => size.Records)];
        int[] beside = [.. new[] { quick[0], quick[quick.Length / 2], quick[^1] }.Distinct()];
        return
        [
            .. sizes.Select(size => new MeasuredCell(size.Records, 1, plan.AloneBudget / sizes.Length)),
            .. from concurrency in concurrencies from size in beside select new MeasuredCell(size, concurrency, besideBudget),
        ];
    }

    private async Task VisitAsync(MeasuredCell[] cells, SampleRecords good, CancellationToken cancellation)
    {
        var random = new Random(plan.Seed);
        int widest = cells.Max(cell => cell.Concurrency);
        HandlerThreads.Reserve(widest);
        MeasuredLane[] lanes =
            [.. Enumerable.Range(0, widest).Select(lane => new MeasuredLane(function.OpenLane(), new SampleEvents(good.Records, time, first: lane * good.Records.Length / widest)))];
        for (int round = 1; round <= Rounds; round++)
        {
            MeasuredCell[] open = [.. cells.Where(cell => IsVisited(cell, round) && !cell.IsKnown())];
            random.Shuffle(open);
            foreach (MeasuredCell cell in open)
            {
                cancellation.ThrowIfCancellationRequested();
                Say(cell.Concurrency == 1 ? $"batches of {cell.Records}" : $"batches of {cell.Records}, {cell.Concurrency} at a time");
                TimeSpan due = (cell.Budget * round / Rounds) - cell.Spent;
                if (due > TimeSpan.Zero || cell.Count + cell.Failed == 0)
                    await new CellVisit(cell, time, due, Failed).RunAsync(lanes.AsMemory(0, cell.Concurrency), cancellation);
            }
        }
    }

    private static bool IsVisited(MeasuredCell cell, int round) =>
        cell.Concurrency == 1 || round * RoundsBeside / Rounds > (round - 1) * RoundsBeside / Rounds;

    private async Task<ImmutableArray<HandlerMeasurement>> StartColdAsync(SampleRecords good, CancellationToken cancellation)
    {
        var events = new SampleEvents(good.Records, time);
        ImmutableArray<HandlerMeasurement>.Builder cold = ImmutableArray.CreateBuilder<HandlerMeasurement>();
        long began = time.GetTimestamp();
        for (int i = 0; i < plan.ColdStarts && (i == 0 || time.GetElapsedTime(began) < plan.ColdBudget); i++)
        {
            Say("cold starts");
            ReadOnlyMemory<byte> one = events.Write(1);
            long start = time.GetTimestamp();
            if (await function.OpenColdLaneAsync(cancellation) is not { } call)
                break;
            FunctionResult result = await call(one, cancellation);
            TimeSpan took = time.GetElapsedTime(start);
            if (result is FunctionResult.Succeeded)
                cold.Add(new HandlerMeasurement(1, 1, took, MeasuredEnvironment.Cold));
            else
                Failed(result);
        }
        return cold.ToImmutable();
    }

    private void Failed(FunctionResult result) => _firstError ??= result switch
    {
        FunctionResult.Failed failed => failed.Error.ToString(),
        FunctionResult.TimedOut late => late.Message,
        FunctionResult.Refused refused => refused.Reason,
        _ => null,
    };

    private void Say(string what) => progress?.Invoke(Math.Min(1, time.GetElapsedTime(_start) / plan.Budget), what);
}

/// <summary>What came of measuring a function.</summary>
internal sealed record MeasuringResult
{
    /// <summary>Name of the function, or of the table that was imported.</summary>
    public required string Function { get; init; }

    /// <summary>The records that it was measured with; null when they were measured elsewhere.</summary>
    public SampleRecords? Samples { get; init; }

    /// <summary>Records that were left out because they make the function fail.</summary>
    public int Failing { get; init; }

    /// <summary>The same with the number of records that were tried; null when they were measured elsewhere.</summary>
    public FailingRecords? Screened => Samples is null ? null : new FailingRecords(Failing, Samples.Records.Length + Failing);

    /// <summary>Where and why, for the first of them; null when none fails.</summary>
    public string? FirstFailure { get; init; }

    /// <summary>All invocations that were measured.</summary>
    public required ImmutableArray<HandlerMeasurement> Measurements { get; init; }

    /// <summary>The model, and how well it fits.</summary>
    public required HandlerFit Fit { get; init; }

    /// <summary>What a reader should know besides, as sentences.</summary>
    public ImmutableArray<string> Notes { get; init; } = [];

    /// <summary>Time that it took; zero when it was imported.</summary>
    public TimeSpan Took { get; init; }

    /// <summary>False: it was interrupted.</summary>
    public bool IsComplete { get; init; } = true;
}
