using LambdaStreamRunner.Core.Histories;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Core.Guarantees.Rules;

/// <summary>All records that arrived on one shard, in order, and what became of each.</summary>
internal sealed class RecordTable(string shardId, TimeSpan retention)
{
    private readonly List<HistoryStep.RecordArrived> _arrivals = [];
    private Fates[] _fates = new Fates[64];
    private int _hint;

    public int Count => _arrivals.Count;

    public HistoryStep.RecordArrived this[int index] => _arrivals[index];

    /// <summary>Takes a record; false when it is known already, as when a second machine reads it again.</summary>
    public bool Add(HistoryStep.RecordArrived arrived)
    {
        SequenceNumber number = arrived.Record.SequenceNumber;
        if (Count > 0 && number <= _arrivals[^1].Record.SequenceNumber)
        {
            if (Find(number) >= 0)
                return false;
            throw new ArgumentException($"{shardId}: record {arrived.Record} arrived after a higher number; a history tells of arrivals in the order of the shard.", nameof(arrived));
        }
        if (Count == _fates.Length)
            Array.Resize(ref _fates, Count * 2);
        _arrivals.Add(arrived);
        return true;
    }

    /// <summary>The place of the record with this number; −1 when there is none.</summary>
    public int Find(SequenceNumber number)
    {
        // Records are looked up mostly one after the other.
        int next = _hint + 1;
        if (next < Count && _arrivals[next].Record.SequenceNumber == number)
            return _hint = next;
        if (Count > 0 && number.TryGetIndexesAbove(_arrivals[0].Record.SequenceNumber, out uint above) && above < Count
            && _arrivals[(int)above].Record.SequenceNumber == number)
        {
            return _hint = (int)above;
        }
        int place = FirstFrom(number);
        return place < Count && _arrivals[place].Record.SequenceNumber == number ? _hint = place : -1;
    }

    /// <summary>The place of the first record with this number or a higher one.</summary>
    public int FirstFrom(SequenceNumber number)
    {
        (int low, int high) = (0, Count);
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (_arrivals[middle].Record.SequenceNumber >= number)
                high = middle;
            else
                low = middle + 1;
        }
        return low;
    }

    /// <summary>The place of the first record that a reader from this position gets; of the next one when it is not there yet.</summary>
    public int FirstFrom(ShardPosition position) => position.Type switch
    {
        ShardIteratorType.TrimHorizon => 0,
        ShardIteratorType.Latest => Count,
        ShardIteratorType.AtSequenceNumber => FirstFrom(position.SequenceNumber),
        ShardIteratorType.AfterSequenceNumber => FirstFrom(position.SequenceNumber.Next()),
        _ => FirstArrivedFrom(position.TimestampMilliseconds),
    };

    public bool Has(int index, Fates fate) => (_fates[index] & fate) != 0;

    public void Set(int index, Fates fate) => _fates[index] |= fate;

    public void Clear(int index, Fates fate) => _fates[index] &= ~fate;

    /// <summary>True when the record may be gone: the stream no longer keeps it.</summary>
    public bool HasLeft(in StreamRecord record, DateTimeOffset now) => record.ArrivalMilliseconds <= (now - retention).ToUnixTimeMilliseconds();

    /// <summary>True when the record was settled, or need not be any more.</summary>
    public bool IsOver(int index, DateTimeOffset now) => Has(index, Fates.Settled) || HasLeft(_arrivals[index].Record, now);

    private int FirstArrivedFrom(long milliseconds)
    {
        int place = _arrivals.FindIndex(arrived => arrived.Record.ArrivalMilliseconds >= milliseconds);
        return place < 0 ? Count : place;
    }
}

/// <summary>What happened to a record, in any life.</summary>
[Flags]
internal enum Fates : byte
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>It was handed to the handler, or was to be and was throttled.</summary>
    Delivered = 1,

    /// <summary>It succeeded, was filtered, or was discarded.</summary>
    Settled = 2,

    /// <summary>It succeeded.</summary>
    Succeeded = 4,

    /// <summary>Its effect was made.</summary>
    HasEffect = 8,

    /// <summary>It is in a batch that runs now.</summary>
    Runs = 16,

    /// <summary>It was tried and not settled, and its retention is watched.</summary>
    IsWatched = 32,

    /// <summary>It was settled since the last machine began.</summary>
    SettledInLife = 64,
}
