using System.Runtime.CompilerServices;
using System.Text;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Core.Guarantees;

/// <summary>What is known of one key: how far it was delivered, and which of its records wait to be settled.</summary>
/// <remarks>Numbers start at zero, "nothing yet": no record has the number zero.</remarks>
internal sealed class KeyHistory
{
    private byte[] _key = [];
    private int _keyLength;
    private UnsettledRecord[] _unsettled = new UnsettledRecord[2];
    private int _head;

    public UInt128 Hash { get; private set; }

    /// <summary>The machine that <see cref="HighestInLife"/> and <see cref="RunningBatches"/> speak of.</summary>
    public int Life { get; private set; }

    /// <summary>Highest number that this life has delivered or settled.</summary>
    public SequenceNumber HighestInLife { get; private set; }

    /// <summary>Highest number that any life has delivered or settled.</summary>
    public SequenceNumber HighestEver { get; private set; }

    /// <summary>Batches with this key that run now; more than one is a violation.</summary>
    public int RunningBatches { get; set; }

    /// <summary>The delivery that looked at this key last, by its serial.</summary>
    public long SeenBy { get; set; }

    /// <summary>This key's record before, in the delivery <see cref="SeenBy"/>.</summary>
    public SequenceNumber PreviousInBatch { get; set; }

    /// <summary>True when a concurrency violation was already reported for the delivery <see cref="SeenBy"/>.</summary>
    public bool RunsTwice { get; set; }

    /// <summary>Place in <see cref="OpenKeys"/>' list of keys with unsettled records; −1 when there are none.</summary>
    public int UnsettledPlace { get; set; } = -1;

    /// <summary>True when sampling has dropped the key.</summary>
    public bool IsForgotten { get; set; }

    public int UnsettledCount { get; private set; }

    public SequenceNumber LowestUnsettled => _unsettled[_head].Number;

    public string Text => Encoding.UTF8.GetString(_key, 0, _keyLength);

    public void Begin(in StreamRecord record, int life)
    {
        ReadOnlySpan<byte> key = record.Key;
        if (_key.Length < key.Length)
            _key = new byte[key.Length];
        key.CopyTo(_key);
        _keyLength = key.Length;
        Hash = record.KeyHash;
        HighestEver = default;
        IsForgotten = false;
        SeenBy = 0;
        BeginLife(life);
    }

    public void BeginLife(int life) => (Life, HighestInLife, RunningBatches) = (life, default, 0);

    public void Reached(SequenceNumber number)
    {
        if (number > HighestInLife)
            HighestInLife = number;
        if (number > HighestEver)
            HighestEver = number;
    }

    /// <summary>The unsettled record with this number; null reference when there is none.</summary>
    public ref UnsettledRecord Find(SequenceNumber number)
    {
        int place = PlaceOf(number);
        if (place < _head + UnsettledCount && _unsettled[place].Number == number)
            return ref _unsettled[place];
        return ref Unsafe.NullRef<UnsettledRecord>();
    }

    /// <summary>The lowest unsettled number strictly between the two that may not be skipped; zero when there is none.</summary>
    public SequenceNumber UnsettledBetween(SequenceNumber above, SequenceNumber below)
    {
        if (UnsettledCount == 0 || LowestUnsettled >= below)
            return default;
        SequenceNumber lowest = UnsettledFrom(above.Next());
        return lowest < below ? lowest : default;
    }

    /// <summary>The lowest unsettled number from this one on that may not be skipped; zero when there is none.</summary>
    public SequenceNumber UnsettledFrom(SequenceNumber number)
    {
        int end = _head + UnsettledCount;
        for (int place = PlaceOf(number); place < end; place++)
        {
            if (!_unsettled[place].MayBeSkipped)
                return _unsettled[place].Number;
        }
        return default;
    }

    public void Add(UnsettledRecord record)
    {
        if (_head + UnsettledCount == _unsettled.Length)
            MakeRoom();
        int end = _head + UnsettledCount;
        int place = UnsettledCount == 0 || record.Number > _unsettled[end - 1].Number ? end : PlaceOf(record.Number);
        Array.Copy(_unsettled, place, _unsettled, place + 1, end - place);
        _unsettled[place] = record;
        UnsettledCount++;
    }

    /// <summary>Takes the record out; false when it is not unsettled.</summary>
    public bool Remove(SequenceNumber number, out UnsettledRecord removed)
    {
        int place = PlaceOf(number);
        int end = _head + UnsettledCount;
        removed = default;
        if (place >= end || _unsettled[place].Number != number)
            return false;

        removed = _unsettled[place];
        if (place == _head)
            _head++;
        else
            Array.Copy(_unsettled, place + 1, _unsettled, place, end - place - 1);
        if (--UnsettledCount == 0)
            _head = 0;
        return true;
    }

    /// <summary>Forgets unsettled records below the number.</summary>
    public void RemoveBelow(SequenceNumber number)
    {
        while (UnsettledCount > 0 && LowestUnsettled < number)
            Remove(LowestUnsettled, out _);
    }

    public void RemoveAll() => (_head, UnsettledCount) = (0, 0);

    /// <summary>Where the first record with this number or a higher one is, or would be.</summary>
    private int PlaceOf(SequenceNumber number)
    {
        // Records are settled from the front: look there before searching.
        if (UnsettledCount == 0 || _unsettled[_head].Number >= number)
            return _head;
        (int low, int high) = (_head + 1, _head + UnsettledCount);
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (_unsettled[middle].Number < number)
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }

    private void MakeRoom()
    {
        if (_head >= UnsettledCount)
        {
            Array.Copy(_unsettled, _head, _unsettled, 0, UnsettledCount);
            _head = 0;
            return;
        }
        Array.Resize(ref _unsettled, _unsettled.Length * 2);
    }
}

/// <summary>A record that was delivered and not settled.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Deliveries">Times the handler saw it, in all lives.</param>
/// <param name="WasSettledBefore">True when an earlier life settled it, so that it counts as settled only once.</param>
internal record struct UnsettledRecord(SequenceNumber Number, int Deliveries, bool WasSettledBefore)
{
    /// <summary>True once the record has left retention: it may still be tried, but nothing waits for it.</summary>
    public bool MayBeSkipped { get; set; }
}
