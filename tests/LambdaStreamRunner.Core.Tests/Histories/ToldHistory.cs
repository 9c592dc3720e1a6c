using LambdaStreamRunner.Core.Contracts;
using LambdaStreamRunner.Core.Histories;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Core.Mappings.Ordering;
using LambdaStreamRunner.Core.Mappings.Retrying;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Core.Tests.Histories;

/// <summary>A history written by hand: "A1 B2" are records whose number is that of the digits, and whose key is the letter.</summary>
internal sealed class ToldHistory
{
    private double _seconds;
    private int _shard;

    public List<HistoryStep> Steps { get; } = [];

    private DateTimeOffset Time => Some.Time.AddSeconds(_seconds);

    private string ShardId => $"shardId-{_shard:D12}";

    public ToldHistory At(double seconds, int shard = 0)
    {
        (_seconds, _shard) = (seconds, shard);
        return this;
    }

    public ToldHistory Puts(string records)
    {
        foreach (StreamRecord record in Records(records))
            Steps.Add(new HistoryStep.RecordArrived(Time, ShardId, record));
        return this;
    }

    public ToldHistory Starts(int invocation, string records, int lane = 0, int attempt = 1) =>
        Add(new HistoryStep.InvocationStarted(Time, ShardId, lane, Id(invocation), attempt, Records(records)));

    public ToldHistory Ends(int invocation, BatchOutcome outcome) => Add(new HistoryStep.InvocationEnded(Time, ShardId, Id(invocation), outcome));

    public ToldHistory Succeeds(int invocation) => Ends(invocation, BatchOutcome.Succeeded.Instance);

    public ToldHistory Fails(int invocation, string error = "boom") => Ends(invocation, new BatchOutcome.Failed(error));

    public ToldHistory Discards(string records, DiscardReason reason = DiscardReason.RetryAttemptsExhausted, int invocations = 3) =>
        Add(new HistoryStep.Discarded(Time, ShardId, Discarded(records, reason, invocations)));

    public ToldHistory Delivers(string records, string? error = null) =>
        Add(new HistoryStep.DiscardSettled(Time, ShardId, Discarded(records, DiscardReason.RetryAttemptsExhausted, 3), error));

    public ToldHistory Filters(string records) => Add(new HistoryStep.Filtered(Time, ShardId, Records(records)));

    public ToldHistory Saves(ShardPosition position) => Add(new HistoryStep.CheckpointSaved(Time, ShardId, new ShardCheckpoint(position)));

    public ToldHistory Begins(ShardPosition from) => Add(new HistoryStep.MachineBegan(Time, ShardId, new ShardCheckpoint(from)));

    public ToldHistory Crashes() => Add(new HistoryStep.MachineCrashed(Time, ShardId));

    public ToldHistory Creates(params string[] parents) => Add(new HistoryStep.ShardCreated(Time, ShardId, HashKeyRange.Full, [.. parents]));

    public ToldHistory Closes() => Add(new HistoryStep.ShardClosed(Time, ShardId));

    public ToldHistory IsDone(CloseReason reason) => Add(new HistoryStep.MachineClosed(Time, ShardId, reason));

    public ToldHistory Sets(int invocation, string key, string value, bool isWithinInvocation = true) =>
        Add(new HistoryStep.EffectMade(Time, ShardId, Id(invocation), isWithinInvocation, key, value));

    public static SequenceNumber Number(int number) => new(0, 0, (ulong)number);

    public static Guid Id(int invocation) => new(invocation, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

    private ToldHistory Add(HistoryStep step)
    {
        Steps.Add(step);
        return this;
    }

    private DiscardedBatch Discarded(string records, DiscardReason reason, int invocations) =>
        new([.. Records(records)], reason, Id(1), invocations, new DiscardedResponse("Unhandled", "boom"), Time);

    private static StreamRecord[] Records(string records) =>
        [.. records.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(word =>
            StreamRecord.Create(word.TrimEnd("0123456789".ToCharArray()), [], Number(int.Parse(word.AsSpan(word.AsSpan().IndexOfAnyInRange('0', '9')))), Some.Time))];
}
