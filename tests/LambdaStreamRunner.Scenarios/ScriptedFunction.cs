using System.Text;
using System.Text.Json;
using LambdaStreamRunner.Core.Contracts;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Core.Mappings.Batching;
using LambdaStreamRunner.Simulation;

namespace LambdaStreamRunner.Scenarios;

/// <summary>A function that does what the scenario says: throws, reports, is throttled, takes time.</summary>
internal sealed class ScriptedFunction
{
    private static readonly EventSourceMapping Windowed = new() { TumblingWindow = TimeSpan.FromSeconds(10) };

    private static readonly EventSourceMapping Reporting = new() { FunctionResponseTypes = [FunctionResponseType.ReportBatchItemFailures] };

    private readonly HashSet<int> _poison = [];
    private readonly Dictionary<int, int> _reports = [];
    private readonly HashSet<int> _failingCalls = [];
    private readonly HashSet<int> _throttledTries = [];
    private readonly HashSet<int> _statelessCalls = [];
    private bool _throwsAtEnds;
    private int? _stateLength;
    private bool _alwaysThrows;
    private bool _isThrottled;
    private double _seconds;
    private int _tries;
    private int _calls;

    /// <summary>Throws whenever the batch contains one of these records.</summary>
    public void Throws(int[] records) => _poison.UnionWith(records);

    /// <summary>Throws at every batch.</summary>
    public void AlwaysThrows() => _alwaysThrows = true;

    /// <summary>Throws at these calls, counted from 1.</summary>
    public void ThrowsOnCalls(int[] calls) => _failingCalls.UnionWith(calls);

    /// <summary>Reports these records, the lowest of them in the batch, so many times each.</summary>
    public void Reports(int[] records, int times)
    {
        foreach (int record in records)
            _reports[record] = times;
    }

    /// <summary>These tries, counted from 1 and including throttled ones, find no capacity.</summary>
    public void ThrottlesTries(int[] tries) => _throttledTries.UnionWith(tries);

    /// <summary>These calls, counted from 1, forget the state of the tumbling window.</summary>
    public void ForgetsState(int[] calls) => _statelessCalls.UnionWith(calls);

    /// <summary>Throws when a tumbling window ends.</summary>
    public void ThrowsAtEndsOfWindows() => _throwsAtEnds = true;

    /// <summary>Returns a state of so many bytes, once.</summary>
    public void ReturnsLargeState(int length) => _stateLength = length;

    /// <summary>There is never any capacity.</summary>
    public void IsThrottled() => _isThrottled = true;

    /// <summary>Every call takes so long.</summary>
    public void Takes(double seconds) => _seconds = seconds;

    /// <summary>The answer to one try.</summary>
    public FunctionAnswer Answer(Batch batch, DateTimeOffset now)
    {
        _tries++;
        if (_isThrottled || _throttledTries.Contains(_tries))
            return new FunctionAnswer(new BatchOutcome.Throttled("No capacity."), TimeSpan.Zero);
        _calls++;
        BatchOutcome outcome = OutcomeOf(batch);
        return new FunctionAnswer(batch.Window is null ? outcome : WithState(outcome, batch), TimeSpan.FromSeconds(_seconds));
    }

    // Counts the records of the window, as the sample of the AWS page does, and answers as a function does: in bytes.
    private BatchOutcome WithState(BatchOutcome outcome, Batch batch)
    {
        if (outcome is BatchOutcome.Failed || (_throwsAtEnds && batch.Window!.IsFinalInvoke))
            return new BatchOutcome.Failed("The function threw.");
        string answer = _statelessCalls.Contains(_calls) ? "{}" : $"{{\"state\":{NextState(batch)}}}";
        BatchOutcome read = BatchResponseReader.Read(Encoding.UTF8.GetBytes(answer), batch.Records.Span, Windowed);
        return (outcome, read) switch
        {
            (BatchOutcome.PartlyFailed partly, BatchOutcome.Succeeded { State: { } state }) => partly with { State = state },
            _ => read,
        };
    }

    private string NextState(Batch batch)
    {
        if (_stateLength is { } length)
        {
            _stateLength = null;
            return $"{{\"all\":\"{new string('x', length - 10)}\"}}";
        }
        using var state = JsonDocument.Parse(batch.Window!.Window.State);
        int before = state.RootElement.TryGetProperty("n", out JsonElement n) ? n.GetInt32() : 0;
        return $"{{\"n\":{before + batch.Records.Length}}}";
    }

    private BatchOutcome OutcomeOf(Batch batch)
    {
        ReadOnlySpan<Core.Streams.StreamRecord> records = batch.Records.Span;
        bool throws = _alwaysThrows || _failingCalls.Contains(_calls);
        for (int i = 0; i < records.Length && !throws; i++)
            throws = _poison.Contains(Notation.Label(records[i]));
        if (throws)
            return new BatchOutcome.Failed("The function threw.");

        for (int i = 0; i < records.Length; i++)
        {
            int label = Notation.Label(records[i]);
            if (_reports.GetValueOrDefault(label) == 0)
                continue;
            _reports[label]--;
            return BatchResponseReader.Read(Encoding.UTF8.GetBytes(
                $$"""{"batchItemFailures":[{"itemIdentifier":"{{records[i].SequenceNumber}}"}]}"""), records, Reporting);
        }
        return BatchOutcome.Succeeded.Instance;
    }
}
