using System.Text;
using LambdaStreamRunner.Core.Contracts;
using LambdaStreamRunner.Core.Guarantees;
using LambdaStreamRunner.Core.Histories;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Core.Mappings.Batching;
using LambdaStreamRunner.Core.Mappings.Ordering;
using LambdaStreamRunner.Core.Mappings.Retrying;
using LambdaStreamRunner.Core.Mappings.Windows;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Core.Tests.Guarantees;

/// <summary>
/// A whole history written by hand: invocations are numbered, "A1 B2" are record 1 of key A and record 2 of key B, and the
/// payload of a record is its number. Time stands still between two <see cref="At"/>.
/// </summary>
internal sealed class ToldHistory
{
    private readonly Dictionary<ulong, StreamRecord> _records = [];
    private readonly Dictionary<int, string> _shardOf = [];
    private DateTimeOffset _now = Some.Time;
    private string _shard = "one";

    public ToldHistory(HistoryPromises promises) => Checker = new HistoryChecker(promises);

    public HistoryChecker Checker { get; }

    /// <summary>One shard whose machine begins at the beginning.</summary>
    public static ToldHistory Of(EventSourceMapping mapping, Func<HistoryPromises, HistoryPromises>? with = null)
    {
        var promises = new HistoryPromises { Mapping = mapping, HasDestination = true };
        return new ToldHistory(with?.Invoke(promises) ?? promises).Begins();
    }

    public ToldHistory At(double seconds)
    {
        _now = Some.Time.AddSeconds(seconds);
        return this;
    }

    /// <summary>What follows is told of this shard.</summary>
    public ToldHistory On(string shard)
    {
        _shard = shard;
        return this;
    }

    public ToldHistory Creates(string shard, params string[] parents) => On(shard).Add(new HistoryStep.ShardCreated(_now, shard, HashKeyRange.Full, [.. parents]));

    public ToldHistory Begins(ShardPosition? from = null) => Add(new HistoryStep.MachineBegan(_now, _shard, new ShardCheckpoint(from ?? ShardPosition.TrimHorizon)));

    public ToldHistory Closes() => Add(new HistoryStep.ShardClosed(_now, _shard));

    public ToldHistory Restarts(ulong at) => Add(new HistoryStep.MachineCrashed(_now, _shard)).Begins(ShardPosition.At(Number(at)));

    /// <summary>Records arrive now, of so many bytes besides their number.</summary>
    public ToldHistory Arrives(string records, int padding = 0)
    {
        foreach (string word in records.Split(' '))
        {
            ulong number = ulong.Parse(word[1..]);
            byte[] data = Encoding.UTF8.GetBytes(word[1..] + new string(' ', padding));
            _records[number] = StreamRecord.Create(word[..1], data, Number(number), _now);
            Add(new HistoryStep.RecordArrived(_now, _shard, _records[number]));
        }
        return this;
    }

    public ToldHistory Starts(int invocation, string records, int lane = 0, int attempt = 1, FlushReason closedBy = FlushReason.Window, TimeWindow? window = null) =>
        Add(invocation, records, lane, attempt, closedBy, window);

    public ToldHistory StartsWithoutReason(int invocation, string records, int attempt = 1) => Add(invocation, records, lane: 0, attempt, closedBy: null, window: null);

    private ToldHistory Add(int invocation, string records, int lane, int attempt, FlushReason? closedBy, TimeWindow? window)
    {
        _shardOf[invocation] = _shard;
        return Add(new HistoryStep.InvocationStarted(_now, _shard, lane, Id(invocation), attempt, Records(records)) { ClosedBy = closedBy, Window = window });
    }

    public ToldHistory Ends(int invocation, BatchOutcome outcome) => Add(new HistoryStep.InvocationEnded(_now, _shardOf[invocation], Id(invocation), outcome));

    public ToldHistory Succeeds(int invocation) => Ends(invocation, BatchOutcome.Succeeded.Instance);

    public ToldHistory Succeeds(int invocation, string records, int lane = 0, int attempt = 1) => Starts(invocation, records, lane, attempt).Succeeds(invocation);

    public ToldHistory Fails(int invocation) => Ends(invocation, new BatchOutcome.Failed("poison"));

    public ToldHistory Fails(int invocation, string records, int lane = 0, int attempt = 1) => Starts(invocation, records, lane, attempt).Fails(invocation);

    public ToldHistory FailsFrom(int invocation, int index) => Ends(invocation, new BatchOutcome.PartlyFailed(index));

    public ToldHistory Throttles(int invocation, string records) => Starts(invocation, records).Ends(invocation, new BatchOutcome.Throttled("no capacity"));

    public ToldHistory Exhausts(string records, int count) => Discards(records, DiscardReason.RetryAttemptsExhausted, count).Delivers(records, null);

    public ToldHistory Ages(string records, int count) => Discards(records, DiscardReason.RecordAgeExceeded, count).Delivers(records, null);

    public ToldHistory Discards(string records, DiscardReason reason, int count) => Add(new HistoryStep.Discarded(_now, _shard, Batch(records, reason, count)));

    public ToldHistory Delivers(string records, string? error) =>
        Add(new HistoryStep.DiscardSettled(_now, _shard, Batch(records, DiscardReason.RetryAttemptsExhausted, 1), error));

    public ToldHistory Filters(string records) => Add(new HistoryStep.Filtered(_now, _shard, Records(records)));

    public ToldHistory Saves(ulong at) => Add(new HistoryStep.CheckpointSaved(_now, _shard, new ShardCheckpoint(ShardPosition.At(Number(at)))));

    /// <summary>The handler of an invocation adds the numbers to their keys: "A1 A2".</summary>
    public ToldHistory Does(int invocation, string records, bool isWithin = true)
    {
        foreach (string word in records.Split(' '))
            Add(new HistoryStep.EffectMade(_now, _shardOf[invocation], Id(invocation), isWithin, word[..1], word[1..]));
        return this;
    }

    /// <summary>What is found, the end of the history included.</summary>
    public ViolationKind[] Finish()
    {
        Checker.Finish(_now);
        return Found;
    }

    /// <summary>What is found so far.</summary>
    public ViolationKind[] Found => [.. Checker.Violations.Select(violation => violation.Kind)];

    public static Guid Id(int invocation) => new(invocation, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

    private ToldHistory Add(HistoryStep step)
    {
        Checker.Add(step);
        return this;
    }

    private DiscardedBatch Batch(string records, DiscardReason reason, int count) => new([.. Records(records)], reason, Id(0), count, null, _now);

    private StreamRecord[] Records(string records) =>
        [.. records.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(word => _records.GetValueOrDefault(ulong.Parse(word[1..]), Unknown(word)))];

    private StreamRecord Unknown(string word) => StreamRecord.Create(word[..1], [], Number(ulong.Parse(word[1..])), _now);

    private static SequenceNumber Number(ulong number) => new(0, 0, number);
}
