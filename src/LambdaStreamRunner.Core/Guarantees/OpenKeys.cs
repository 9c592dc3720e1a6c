using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Core.Guarantees;

/// <summary>The keys with records above the checkpoint: looked up by hash, forgotten below, sampled past a bound.</summary>
/// <remarks>
/// Sampling keeps the keys whose hash ends in a number of zero bits that grows by one whenever the bound is passed again.
/// A key is either watched from its first record on or not at all, so a sample never sees a violation that is none.
/// </remarks>
internal sealed class OpenKeys(int openKeysMax)
{
    private const int FirstSweepAt = 1_024;
    private const int SpareMax = 4_096;

    private readonly Dictionary<UInt128, KeyHistory> _byHash = [];
    private readonly List<KeyHistory> _withUnsettled = [];
    private readonly Stack<KeyHistory> _spare = [];
    private int _sweepAt = Math.Min(FirstSweepAt, openKeysMax);
    private UInt128 _sampleMask;

    public bool IsSampling => _sampleMask != 0;

    public int Count => _byHash.Count;

    /// <summary>Keys with unsettled records, in no order.</summary>
    public List<KeyHistory> WithUnsettled => _withUnsettled;

    public bool IsWatched(UInt128 hash) => (hash & _sampleMask) == 0;

    /// <summary>The key's history in this life, or null when it is not known or not watched.</summary>
    public KeyHistory? Find(UInt128 hash, int life)
    {
        if (!_byHash.TryGetValue(hash, out KeyHistory? key))
            return null;
        if (key.Life != life)
            key.BeginLife(life);
        return key;
    }

    /// <summary>The key's history, begun if need be; null when the key is not in the sample.</summary>
    public KeyHistory? Open(in StreamRecord record, int life, SequenceNumber checkpoint)
    {
        if (Find(record.KeyHash, life) is { } known)
            return known;
        if (!IsWatched(record.KeyHash))
            return null;
        if (_byHash.Count >= _sweepAt)
            Sweep(life, checkpoint);
        if (!IsWatched(record.KeyHash))
            return null;

        KeyHistory key = _spare.Count > 0 ? _spare.Pop() : new KeyHistory();
        key.Begin(record, life);
        _byHash.Add(record.KeyHash, key);
        return key;
    }

    public void AddUnsettled(KeyHistory key, UnsettledRecord record)
    {
        key.Add(record);
        if (key.UnsettledPlace >= 0)
            return;
        key.UnsettledPlace = _withUnsettled.Count;
        _withUnsettled.Add(key);
    }

    public bool RemoveUnsettled(KeyHistory key, SequenceNumber number, out UnsettledRecord removed)
    {
        bool found = key.Remove(number, out removed);
        Unlist(key);
        return found;
    }

    public void RemoveUnsettledBelow(SequenceNumber number, int life)
    {
        for (int i = _withUnsettled.Count - 1; i >= 0; i--)
        {
            KeyHistory key = _withUnsettled[i];
            if (IsRunning(key, life))
                continue;                // what the handler has may leave retention and be settled all the same
            key.RemoveBelow(number);
            Unlist(key);
        }
    }

    /// <summary>Forgets what the checkpoint has passed. Each sweep waits until the keys have doubled, so its cost is spread.</summary>
    private void Sweep(int life, SequenceNumber checkpoint)
    {
        foreach (KeyHistory key in _byHash.Values)
        {
            if (key.UnsettledCount > 0 || IsRunning(key, life) || key.HighestEver >= checkpoint)
                continue;
            _byHash.Remove(key.Hash);
            if (_spare.Count < SpareMax)
                _spare.Push(key);
        }
        while (_byHash.Count >= openKeysMax && _sampleMask != UInt128.MaxValue)
            SampleFewer();
        _sweepAt = Math.Min(Math.Max(FirstSweepAt, _byHash.Count * 2), openKeysMax);
    }

    // Batches of an earlier life ended with it.
    private static bool IsRunning(KeyHistory key, int life) => key.Life == life && key.RunningBatches > 0;

    private void SampleFewer()
    {
        _sampleMask = (_sampleMask << 1) | 1;
        foreach (KeyHistory key in _byHash.Values)
        {
            if (IsWatched(key.Hash))
                continue;
            key.RemoveAll();
            Unlist(key);
            key.IsForgotten = true;      // a running delivery may still hold it, so it is not used again
            _byHash.Remove(key.Hash);
        }
    }

    private void Unlist(KeyHistory key)
    {
        if (key.UnsettledCount > 0 || key.UnsettledPlace < 0)
            return;
        KeyHistory last = _withUnsettled[^1];
        _withUnsettled[key.UnsettledPlace] = last;
        last.UnsettledPlace = key.UnsettledPlace;
        _withUnsettled.RemoveAt(_withUnsettled.Count - 1);
        key.UnsettledPlace = -1;
    }
}
