using LambdaStreamRunner.Core.Contracts;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Functions.Invoking;

namespace LambdaStreamRunner.Host.Measuring;

/// <summary>Finds the records that make a function fail, so that they can be left out of what is measured.</summary>
/// <remarks>Records are delivered in order. A batch that fails is bisected; a function that reports failed items is believed, and nothing before the reported record comes twice.</remarks>
internal sealed class RecordScreening(IMeasuredFunction function, SampleRecords samples, TimeProvider time)
{
    /// <summary>Records of the first try of a batch.</summary>
    private const int BatchMax = 100;

    /// <summary>Records that fail, without one that does not, after which the function is taken to fail always.</summary>
    private const int HopelessFrom = 20;

    private static readonly EventSourceMapping Reporting = new() { FunctionResponseTypes = [FunctionResponseType.ReportBatchItemFailures] };

    private readonly MeasuredCall _call = function.OpenLane();
    private readonly SampleEvents _events = new(samples.Records, time);
    private readonly List<SampleRecord> _good = [];
    private string? _firstFailure;
    private int _failing;
    private int _batch = BatchMax;

    /// <summary>Delivers the samples once, as far as the time goes.</summary>
    /// <param name="budget">Time for it; the first batch is delivered in any case.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="HandlerFailsException">No record succeeds.</exception>
    public async Task<ScreenedRecords> RunAsync(TimeSpan budget, CancellationToken cancellation)
    {
        long start = time.GetTimestamp();
        for (int at = 0; at < samples.Records.Length && (at == 0 || _good.Count == 0 || time.GetElapsedTime(start) < budget);)
        {
            int count = Math.Min(_batch, samples.Records.Length - at);
            await DeliverAsync(at, count, cancellation);
            at += count;
        }
        if (_good.Count == 0)
            throw AlwaysFails();
        return new ScreenedRecords(samples with { Records = [.. _good] }, _failing, _firstFailure);
    }

    private HandlerFailsException AlwaysFails() =>
        new($"Function '{function.Name}' fails at every record it was given ({_failing} of {samples.Description}), so there is nothing to measure. The first failure: {_firstFailure}");

    private async Task DeliverAsync(int at, int count, CancellationToken cancellation)
    {
        _events.Next = at;
        FunctionResult result = await _call(_events.Write(count), cancellation);
        if (result is FunctionResult.Succeeded answered && LowestFailed(answered) is var lowest)
            await TakeAsync(at, count, lowest, cancellation);
        else if (count == 1)
            LeaveOut(at, WhyFailed(result));
        else
            await BisectAsync(at, count, result, cancellation);
    }

    private async Task TakeAsync(int at, int count, int? lowestFailed, CancellationToken cancellation)
    {
        _good.AddRange(samples.Records.AsSpan(at, lowestFailed ?? count));
        if (lowestFailed is not { } lowest)
            return;
        LeaveOut(at + lowest, "the function reported it in batchItemFailures");
        if (lowest + 1 < count)
            await DeliverAsync(at + lowest + 1, count - lowest - 1, cancellation);
    }

    private async Task BisectAsync(int at, int count, FunctionResult result, CancellationToken cancellation)
    {
        int half = count / 2;
        if (result is FunctionResult.TimedOut)
            _batch = Math.Max(1, half);                       // too much for its Timeout is no record's fault
        await DeliverAsync(at, half, cancellation);
        await DeliverAsync(at + half, count - half, cancellation);
    }

    private void LeaveOut(int at, string why)
    {
        _failing++;
        _firstFailure ??= $"{SampleRecords.PlaceOf(samples.Records[at], at)}: {why}";
        if (_failing >= HopelessFrom && _good.Count == 0)
            throw AlwaysFails();
    }

    private int? LowestFailed(FunctionResult.Succeeded answered) =>
        BatchResponseReader.Read(answered.Answer.Span, _events.Records, Reporting) is BatchOutcome.PartlyFailed { Problem: null } partly ? partly.LowestFailedIndex : null;

    private static string WhyFailed(FunctionResult result) => result switch
    {
        FunctionResult.Failed failed => failed.Error.ToString(),
        FunctionResult.TimedOut late => late.Message,
        FunctionResult.Refused refused => refused.Reason,
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}

/// <summary>Records that a function takes.</summary>
/// <param name="Good">Those that succeeded.</param>
/// <param name="Failing">How many were left out because they fail.</param>
/// <param name="FirstFailure">Where and why, for the first of them; null when none fails.</param>
internal sealed record ScreenedRecords(SampleRecords Good, int Failing, string? FirstFailure);
