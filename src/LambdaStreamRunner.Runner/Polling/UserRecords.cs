using System.Buffers;
using System.Globalization;
using System.Text;
using LambdaStreamRunner.Aggregation;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Runner.Polling;

/// <summary>What producers had put before they aggregated it.</summary>
/// <param name="Records">The user records, and the records that hold none.</param>
/// <param name="IsComplete">False: there are more than were asked for.</param>
internal readonly record struct UserRecords(ReadOnlySequence<StreamRecord> Records, bool IsComplete)
{
    /// <summary>The user records of a shard in some records, from a position on.</summary>
    /// <param name="records">As read from the stream; what is no aggregate is not copied.</param>
    /// <param name="from">User records before it are left out.</param>
    /// <param name="range">User records whose hash key lies outside are left out.</param>
    /// <param name="limit">Where to stop, save that an aggregated record is never torn.</param>
    public static UserRecords Of(ReadOnlySequence<StreamRecord> records, ShardPosition from, HashKeyRange range, int limit)
    {
        if (!HasAggregate(records))
            return new UserRecords(records, IsComplete: true);
        var found = new List<StreamRecord>();
        foreach (ReadOnlyMemory<StreamRecord> segment in records)
        {
            foreach (ref readonly StreamRecord record in segment.Span)
            {
                if (found.Count >= limit)
                    return new UserRecords(new ReadOnlySequence<StreamRecord>(found.ToArray()), IsComplete: false);
                AddFrom(in record, from, range, found);
            }
        }
        return new UserRecords(new ReadOnlySequence<StreamRecord>(found.ToArray()), IsComplete: true);
    }

    private static bool HasAggregate(ReadOnlySequence<StreamRecord> records)
    {
        foreach (ReadOnlyMemory<StreamRecord> segment in records)
        {
            foreach (ref readonly StreamRecord record in segment.Span)
            {
                if (AggregatedRecord.HasMagic(record.Data.Span))
                    return true;
            }
        }
        return false;
    }

    private static void AddFrom(in StreamRecord record, ShardPosition from, HashKeyRange range, List<StreamRecord> found)
    {
        if (!AggregatedRecord.HasMagic(record.Data.Span))     // before anything is opened: most records end here
        {
            found.Add(record);
            return;
        }
        IReadOnlyList<UserRecord> users = AggregatedRecord.Open("", record.Data);
        if (users is [{ IsAggregated: false }])
        {
            found.Add(record);
            return;
        }
        UserRecord[] here = [.. users.Where(user => range.Contains(HashOf(user)))];
        byte[] memory = new byte[here.Sum(user => Encoding.UTF8.GetByteCount(user.PartitionKey) + user.Data.Length)];
        int offset = 0;
        for (int i = 0; i < here.Length; i++)
        {
            uint place = i == here.Length - 1 ? SequenceNumber.LastSubSequenceNumber : (uint)i + 1;
            StreamRecord user = Copy(here[i], record.SequenceNumber.WithSubSequenceNumber(place), record.ArrivalMilliseconds, memory, ref offset);
            if (IsFrom(from, user.SequenceNumber))
                found.Add(user);
        }
    }

    // Key and data are neighbours in memory, as those of every record; the records of an aggregate share one piece.
    private static StreamRecord Copy(UserRecord user, SequenceNumber number, long arrival, byte[] memory, ref int offset)
    {
        int start = offset;
        int keyLength = Encoding.UTF8.GetBytes(user.PartitionKey, memory.AsSpan(start));
        user.Data.Span.CopyTo(memory.AsSpan(start + keyLength));
        offset = start + keyLength + user.Data.Length;
        return new StreamRecord(number, HashKeyRange.HashOf(memory.AsSpan(start, keyLength)), arrival, memory, start, keyLength, user.Data.Length);
    }

    private static bool IsFrom(ShardPosition from, SequenceNumber number) => from.Type switch
    {
        ShardIteratorType.AtSequenceNumber => number >= from.SequenceNumber,
        ShardIteratorType.AfterSequenceNumber => number > from.SequenceNumber,
        _ => true,
    };

    private static UInt128 HashOf(UserRecord user) =>
        UInt128.TryParse(user.ExplicitHashKey, NumberStyles.None, CultureInfo.InvariantCulture, out UInt128 hash)
            ? hash
            : HashKeyRange.HashOf(Encoding.UTF8.GetBytes(user.PartitionKey));
}
