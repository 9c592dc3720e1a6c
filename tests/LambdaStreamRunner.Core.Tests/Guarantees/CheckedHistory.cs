using LambdaStreamRunner.Core.Guarantees;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Core.Tests.Guarantees;

/// <summary>A history written by hand: invocations are numbered, "A1 B2" are record 1 of key A and record 2 of key B.</summary>
internal sealed class CheckedHistory(ShardPromises? promises = null)
{
    public ShardChecker Checker { get; } = new(promises ?? new ShardPromises());

    public ViolationKind[] Kinds => [.. Checker.Violations.Select(violation => violation.Kind)];

    public CheckedHistory Starts(int invocation, string records)
    {
        Checker.DeliveryStarted(Id(invocation), Records(records));
        return this;
    }

    public CheckedHistory Ends(int invocation, BatchOutcome outcome)
    {
        Checker.DeliveryEnded(Id(invocation), outcome);
        return this;
    }

    public CheckedHistory Succeeds(int invocation) => Ends(invocation, BatchOutcome.Succeeded.Instance);

    public CheckedHistory Fails(int invocation) => Ends(invocation, new BatchOutcome.Failed("poison"));

    public CheckedHistory FailsFrom(int invocation, int index) => Ends(invocation, new BatchOutcome.PartlyFailed(index));

    public CheckedHistory Succeeds(int invocation, string records) => Starts(invocation, records).Succeeds(invocation);

    public CheckedHistory Fails(int invocation, string records) => Starts(invocation, records).Fails(invocation);

    public CheckedHistory Discards(string records) => GivesUp(records).DeliversDiscard(records);

    public CheckedHistory GivesUp(string records)
    {
        Checker.Discarded(Records(records));
        return this;
    }

    public CheckedHistory DeliversDiscard(string records)
    {
        Checker.DiscardSettled(Records(records));
        return this;
    }

    public CheckedHistory Filters(string records)
    {
        Checker.Filtered(Records(records));
        return this;
    }

    public CheckedHistory Saves(ulong at) => Saves(ShardPosition.At(Number(at)));

    public CheckedHistory Saves(ShardPosition position)
    {
        Checker.CheckpointSaved(position);
        return this;
    }

    public CheckedHistory Restarts(ulong at, ShardPromises? promises = null)
    {
        Checker.Restarted(ShardPosition.At(Number(at)), promises);
        return this;
    }

    public CheckedHistory Finishes(string expected)
    {
        Checker.Finish(Records(expected));
        return this;
    }

    public static Guid Id(int invocation) => new(invocation, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

    public static SequenceNumber Number(ulong number) => new(0, 0, number);

    public static StreamRecord[] Records(string records) =>
        [.. records.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(word => Record(word[..1], ulong.Parse(word[1..])))];

    public static StreamRecord Record(string key, ulong number) => StreamRecord.Create(key, [], Number(number), DateTimeOffset.UnixEpoch);

    /// <summary>What was counted so far.</summary>
    public (long Deliveries, long Distinct, long Duplicates, long Settled) Counts()
    {
        return (Checker.Deliveries, Checker.DistinctRecords, Checker.DuplicateDeliveries, Checker.Settled);
    }

    /// <summary>One promise is broken, this one, and its message has these parts.</summary>
    public void AssertOnly(ViolationKind kind, params string[] parts)
    {
        Violation violation = Assert.Single(Checker.Violations);
        Assert.Equal(kind, violation.Kind);
        Assert.All(parts, part => Assert.Contains(part, violation.Message, StringComparison.Ordinal));
        Assert.Contains("shardId-000000000000", violation.Message, StringComparison.Ordinal);
    }
}
