namespace LambdaStreamRunner.Core.Guarantees.Rules;

/// <summary>Records of a shard from where its machine began that are not settled: as many as are held, or more.</summary>
internal sealed class Backlog
{
    // Half of a shard's read-ahead (open question Q27): below it every read may go on.
    private const int RecordsMax = 5_000;
    private const long RawLengthMax = 5 * 1024 * 1024;

    private int _records;
    private long _rawLength;

    /// <summary>True once reading may have had to wait for room, since the machine began.</summary>
    public bool WasLarge { get; private set; }

    public void Add(int rawLength)
    {
        _records++;
        _rawLength += rawLength;
        WasLarge |= _records > RecordsMax || _rawLength > RawLengthMax;
    }

    public void Remove(int rawLength)
    {
        _records--;
        _rawLength -= rawLength;
    }

    /// <summary>Something else had to wait.</summary>
    public void Overflow() => WasLarge = true;

    public void Clear() => (_records, _rawLength, WasLarge) = (0, 0, false);
}
