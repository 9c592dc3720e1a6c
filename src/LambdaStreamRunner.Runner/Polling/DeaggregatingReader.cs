using System.Buffers;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Runner.Polling;

/// <summary>Takes aggregated records of the Kinesis Producer Library apart, as Lambda does for consumers with enhanced fan-out.</summary>
/// <remarks>
/// The user records of one Kinesis record share its sequence number and arrival; those whose hash key lies outside of the
/// shard, which a reshard has brought here, are dropped. A record that is no aggregate, or a damaged one, goes through as it is.
/// AWS: <see href="https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html"/>.
/// </remarks>
/// <param name="inner">Reads the records of the stream.</param>
/// <param name="range">The shard's part of the hash space.</param>
public sealed class DeaggregatingReader(IShardReader inner, HashKeyRange range) : IShardReader
{
    private Passed? _main;
    private Passed? _catchUp;

    /// <inheritdoc/>
    public async ValueTask<ShardReadResult> ReadAsync(ShardDecision.ReadRecords request, CancellationToken stopping)
    {
        while (true)
        {
            ShardReadResult read = await inner.ReadAsync(request with { From = PositionFor(request.From) }, stopping);
            UserRecords found = UserRecords.Of(read.Records, request.From, range, request.Limit);
            if (!found.Records.IsEmpty || read.Records.IsEmpty)
                return new ShardReadResult(found.Records, read.IsEnd && found.IsComplete);

            Remember(request, read.Records);                  // nothing of it is to be delivered: on, lest it is read for ever
            if (read.IsEnd)
                return new ShardReadResult(found.Records, IsEnd: true);
        }
    }

    /// <inheritdoc/>
    public bool IsAtTip(ShardPosition position) => inner.IsAtTip(PositionFor(position));

    /// <inheritdoc/>
    public long CountFrom(ShardPosition position) => inner.CountFrom(PositionFor(position));

    // A place among the user records of a record is a place at this record, unless it is after the last of them.
    private ShardPosition PositionFor(ShardPosition from)
    {
        if (Volatile.Read(ref _main) is { } main && main.From == from)
            return main.To;
        if (Volatile.Read(ref _catchUp) is { } catchUp && catchUp.From == from)
            return catchUp.To;
        SequenceNumber number = from.SequenceNumber;
        bool isInside = number.SubSequenceNumber is > 0 and < SequenceNumber.LastSubSequenceNumber
            || (number.SubSequenceNumber > 0 && from.Type is ShardIteratorType.AtSequenceNumber);
        return isInside ? ShardPosition.At(number.WithSubSequenceNumber(0)) : from.BetweenRecords();
    }

    private void Remember(ShardDecision.ReadRecords request, ReadOnlySequence<StreamRecord> dropped)
    {
        SequenceNumber last = dropped.Slice(dropped.Length - 1).FirstSpan[0].SequenceNumber;
        var passed = new Passed(request.From, ShardPosition.After(last));
        Volatile.Write(ref request.Cursor is ReadCursor.Main ? ref _main : ref _catchUp, passed);
    }

    /// <summary>Records between these places were read, and none of them is to be delivered.</summary>
    private sealed record Passed(ShardPosition From, ShardPosition To);
}
