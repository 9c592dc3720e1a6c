namespace LambdaStreamRunner.Runner.Input;

/// <summary>The keys of a <see cref="RecordGenerator"/>, and which one comes next.</summary>
internal sealed class GeneratedKeys
{
    private readonly string[] _keys;
    private readonly double[] _cumulated;                     // Zipf: weight of all keys up to this one; empty otherwise
    private readonly Random _random;

    public GeneratedKeys(int count, KeyDistribution distribution, Random random)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, RecordGenerator.KeyCountMax);
        _keys = [.. Enumerable.Range(1, count).Select(n => $"key-{n}")];
        _cumulated = distribution is KeyDistribution.Zipf ? Cumulate(count) : [];
        _random = random;
    }

    /// <summary>Bytes of the longest key.</summary>
    public int LengthMax => _keys[^1].Length;

    /// <summary>The key of a record.</summary>
    /// <param name="number">Position of the record, from 0.</param>
    public string At(long number)
    {
        if (_cumulated.Length == 0)
            return _keys[number % _keys.Length];
        int place = Array.BinarySearch(_cumulated, _random.NextDouble() * _cumulated[^1]);
        return _keys[Math.Min(place < 0 ? ~place : place + 1, _keys.Length - 1)];
    }

    private static double[] Cumulate(int count)
    {
        double[] cumulated = new double[count];
        double sum = 0;
        for (int n = 1; n <= count; n++)
            cumulated[n - 1] = sum += 1.0 / n;
        return cumulated;
    }
}
