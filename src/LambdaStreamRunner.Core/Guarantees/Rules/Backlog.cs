namespace LambdaStreamRunner.Core.Guarantees.Rules;

/// <summary>Records of a shard from where its machine began that are not settled: as many as are held, or more.</summary>
internal sealed class Backlog
{
    // Half of a shard's read-ahead (open question Q27): below it every read may go on.
    private const int RecordsMax = 5_000;
    private const long RawLengthMax = 5 * 1024 * 1024;

    private int _records;
    private long _rawLength;
    private bool _isOverflowing;

    /// <summary>True once reading may have had to wait for room, until everything was settled again.</summary>
    public bool WasLarge { get; private set; }

    /// <summary>True when everything is settled.</summary>
    public bool IsEmpty => _records == 0;

    /// <summary>When it was large and all of it was settled, the last time; what arrives long after that was held by nothing.</summary>
    public DateTimeOffset? EmptiedAt { get; private set; }

    public void Add(int rawLength)
    {
        _records++;
        _rawLength += rawLength;
        WasLarge |= _records > RecordsMax || _rawLength > RawLengthMax;
    }

    public void Remove(int rawLength, DateTimeOffset time)
    {
        _records--;
        _rawLength -= rawLength;
        if (_records == 0 && WasLarge && !_isOverflowing)
            (WasLarge, EmptiedAt) = (false, time);
    }

    /// <summary>Something else had to wait, and may wait for the rest of the machine's life.</summary>
    public void Overflow() => WasLarge = _isOverflowing = true;

    public void Clear() => (_records, _rawLength, WasLarge, _isOverflowing, EmptiedAt) = (0, 0, false, false, null);
}
