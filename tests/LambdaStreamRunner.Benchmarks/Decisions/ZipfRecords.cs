using System.Text;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Benchmarks.Decisions;

/// <summary>Records of one shard whose keys follow Zipf's law with exponent 1: the second key half as often as the first.</summary>
internal static class ZipfRecords
{
    /// <summary>Bytes of every payload; one for all, since the core looks at lengths only.</summary>
    private const int DataLength = 100;

    private static readonly DateTimeOffset Arrival = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static StreamRecord[] Make(int count, int keys, int seed)
    {
        var random = new Random(seed);
        double[] cumulated = Cumulate(keys);
        (byte[] Memory, int KeyLength, UInt128 Hash)[] templates = [.. Enumerable.Range(0, keys).Select(Template)];
        var records = new StreamRecord[count];
        for (int i = 0; i < count; i++)
        {
            int at = Array.BinarySearch(cumulated, random.NextDouble() * cumulated[^1]);
            (byte[] memory, int keyLength, UInt128 hash) = templates[at < 0 ? ~at : at];
            records[i] = new StreamRecord(NumberOf(i), hash, Arrival.ToUnixTimeMilliseconds(), memory, 0, keyLength, DataLength);
        }
        return records;
    }

    /// <summary>The place of a number that <see cref="Make"/> gave.</summary>
    public static int PlaceOf(SequenceNumber number) => (int)number.Index - 1;

    private static SequenceNumber NumberOf(int place) =>
        SequenceNumber.Create(Arrival.ToUnixTimeSeconds(), 0, (ulong)place + 1, Arrival.ToUnixTimeSeconds());

    private static double[] Cumulate(int keys)
    {
        double[] cumulated = new double[keys];
        double sum = 0;
        for (int i = 0; i < keys; i++)
            cumulated[i] = sum += 1.0 / (i + 1);
        return cumulated;
    }

    private static (byte[] Memory, int KeyLength, UInt128 Hash) Template(int key)
    {
        byte[] name = Encoding.UTF8.GetBytes($"key-{key}");
        return ([.. name, .. new byte[DataLength]], name.Length, HashKeyRange.HashOf(name));
    }
}
