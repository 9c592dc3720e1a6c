namespace LambdaStreamRunner.Simulation.Traffic;

/// <summary>Named keys with their hashes and shares; draws one in constant time.</summary>
/// <remarks>The alias method of Walker (1977), in Vose's form (1991).</remarks>
internal sealed class KeyTable
{
    private readonly UInt128[] _hashes;
    private readonly byte[] _lengths;
    private readonly Entry[] _entries;                        // empty: all are equally frequent

    public KeyTable(KeyProfile keys)
    {
        int count = keys switch
        {
            KeyProfile.Zipf zipf => zipf.Count,
            KeyProfile.Uniform uniform => uniform.Count,
            _ => throw new ArgumentException($"{keys}: these keys have no names.", nameof(keys)),
        };
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, KeyProfile.CountMax);
        _hashes = new UInt128[count];
        _lengths = new byte[count];
        for (int i = 0; i < count; i++)
            (_hashes[i], _lengths[i]) = (KeyProfile.HashOf(i + 1), (byte)KeyProfile.NameOf(i + 1).Length);
        _entries = keys is KeyProfile.Zipf { Exponent: not 0 } uneven ? Entries(count, uneven.Exponent) : [];
    }

    /// <summary>Draws one, from 0.</summary>
    public int Next(ref SeededNumbers numbers)
    {
        int drawn = (int)Math.BigMul(numbers.NextBits(), (ulong)_hashes.Length, out ulong rest);
        if (_entries.Length == 0)
            return drawn;
        Entry entry = _entries[drawn];
        return rest < entry.Threshold ? drawn : entry.Alias;
    }

    public UInt128 HashOf(int key) => _hashes[key];

    public int LengthOf(int key) => _lengths[key];

    public string? NameOf(UInt128 hash)
    {
        int key = Array.IndexOf(_hashes, hash);
        return key < 0 ? null : KeyProfile.NameOf(key + 1);
    }

    // Each key keeps a part of its place, and what is too frequent fills the rest of the places of what is too rare.
    private static Entry[] Entries(int count, double exponent)
    {
        double[] shares = [.. Enumerable.Range(1, count).Select(number => Math.Pow(number, -exponent))];
        double mean = shares.Sum() / count;
        Stack<int> rare = new();
        Stack<int> frequent = new();
        for (int i = count - 1; i >= 0; i--)
        {
            shares[i] /= mean;
            (shares[i] < 1 ? rare : frequent).Push(i);
        }
        var entries = new Entry[count];
        while (rare.TryPop(out int low))
        {
            if (!frequent.TryPop(out int high))               // rounding left it a little below its place
            {
                entries[low] = new Entry(ulong.MaxValue, low);
                continue;
            }
            entries[low] = new Entry((ulong)Math.Min(shares[low] * 18446744073709551616.0, 18446744073709549568.0), high);
            shares[high] -= 1 - shares[low];
            (shares[high] < 1 ? rare : frequent).Push(high);
        }
        foreach (int left in frequent)
            entries[left] = new Entry(ulong.MaxValue, left);
        return entries;
    }

    private readonly record struct Entry(ulong Threshold, int Alias);
}
