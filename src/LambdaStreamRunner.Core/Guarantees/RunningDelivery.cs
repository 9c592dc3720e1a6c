using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Core.Guarantees;

/// <summary>A batch that the handler has and has not answered.</summary>
internal sealed class RunningDelivery
{
    private DeliveredRecord[] _records = new DeliveredRecord[16];

    public Guid RequestId { get; private set; }

    /// <summary>Number of this delivery among all of the shard, from 1.</summary>
    public long Serial { get; private set; }

    public int Count { get; private set; }

    public ReadOnlySpan<DeliveredRecord> Records => _records.AsSpan(0, Count);

    public void Begin(Guid requestId, long serial, int capacity)
    {
        (RequestId, Serial, Count) = (requestId, serial, 0);
        if (_records.Length < capacity)
            _records = new DeliveredRecord[capacity];
    }

    public void Add(DeliveredRecord record) => _records[Count++] = record;

    public bool Holds(KeyHistory key)
    {
        foreach (ref readonly DeliveredRecord record in Records)
        {
            if (record.Key == key)
                return true;
        }
        return false;
    }

    /// <summary>Lets go of the keys.</summary>
    public void End()
    {
        _records.AsSpan(0, Count).Clear();
        Count = 0;
    }
}

/// <summary>A record as it was when its delivery started.</summary>
/// <param name="Key">Its key; null when the key is not watched.</param>
/// <param name="Number">Its number.</param>
/// <param name="IsFirstOfKey">True for the first record of its key in this batch.</param>
/// <param name="IsRepeated">True when it was settled already, which was reported.</param>
internal readonly record struct DeliveredRecord(KeyHistory? Key, SequenceNumber Number, bool IsFirstOfKey, bool IsRepeated);
