using CsCheck;

namespace LambdaStreamRunner.Aggregation.Tests;

/// <summary>Random records and random bytes. A failure prints its seed; CsCheck_Seed=... repeats it.</summary>
public class AggregationProperties
{
    private static readonly string[] FewKeys = ["a", "b", "schlüssel", "\U0001F511"];

    private static readonly string?[] HashKeys = [null, "0", Vectors.MiddleOfTheHashSpace];

    private static readonly Gen<string> Key = Gen.OneOf(Gen.Int[0, 3].Select(i => FewKeys[i]), Gen.String[Gen.Char.AlphaNumeric, 1, 256]);

    private static readonly Gen<string?> HashKey = Gen.Int[0, 2].Select(i => HashKeys[i]);

    private static readonly Gen<(string Key, string? HashKey, byte[] Data)[]> Records = Gen.Select(Key, HashKey, Gen.Byte.Array[0, 300]).Array[1, 400];

    [Fact]
    public void What_was_added_comes_out_and_the_size_was_known_before() => Records.Sample(records =>
    {
        var aggregator = new RecordAggregator(20_000);
        List<UserRecord> opened = [];
        foreach ((string key, string? hashKey, byte[] data) in records)
        {
            int sizeWith = aggregator.SizeWith(key, data.Length, hashKey);
            bool isAdded = aggregator.TryAdd(key, data, hashKey);
            Assert.Equal(sizeWith <= 20_000, isAdded);
            if (!isAdded)
            {
                opened.AddRange(TakeFrom(aggregator));
                Assert.True(aggregator.TryAdd(key, data, hashKey));
            }
            else
            {
                Assert.Equal(sizeWith, aggregator.Size);
            }
        }
        opened.AddRange(TakeFrom(aggregator));

        Assert.Equal(records.Select(record => (record.Key, HashKey: (string?)record.HashKey)), opened.Select(record => (record.PartitionKey, record.ExplicitHashKey)));
        Assert.Equal(records.Select(record => Convert.ToHexString(record.Data)), opened.Select(record => Convert.ToHexString(record.Data.Span)));
    }, iter: 300);

    [Fact]
    public void Random_bytes_never_throw() => Gen.Byte.Array[0, 200].Sample(bytes =>
    {
        AssertHarmless(bytes);
        AssertHarmless(Vectors.Wrap(bytes));
    }, iter: 50_000);

    /// <summary>Random bytes seldom get past the first field; damaged messages do.</summary>
    [Fact]
    public void Damaged_messages_with_right_checksums_never_throw() =>
        Gen.Select(Gen.Bool.Select(isNode => isNode ? Vectors.Node : Vectors.Shuffled), Gen.Select(Gen.Int[0, 1000], Gen.Byte).Array[1, 6], Gen.Int[0, 100]).Sample((vector, damages, cut) =>
        {
            byte[] message = vector[4..^16];
            foreach ((int at, byte value) in damages)
                message[at % message.Length] = value;
            AssertHarmless(Vectors.Wrap(message[..^(cut > 50 ? cut % message.Length : 0)]));
        }, iter: 100_000);

    private static IReadOnlyList<UserRecord> TakeFrom(RecordAggregator aggregator)
    {
        int size = aggregator.Size;
        AggregatedBlob blob = aggregator.Take()!;
        Assert.Equal(size, blob.Data.Length);
        IReadOnlyList<UserRecord> records = AggregatedRecord.Open(blob.PartitionKey, blob.Data);
        Assert.Equal(blob.UserRecordCount, records.Count);
        Assert.All(records, record => Assert.True(record.IsAggregated));
        return records;
    }

    /// <summary>Either the record itself, or parts of it that lie within it.</summary>
    private static void AssertHarmless(byte[] data)
    {
        IReadOnlyList<UserRecord> records = AggregatedRecord.Open("key", data);
        Assert.True(records.Count <= Math.Max(1, data.Length));
        foreach (UserRecord record in records)
        {
            Assert.True(record.Data.Length <= data.Length);
            if (!record.IsAggregated)
                Assert.Equal(new UserRecord("key", null, data, 0, IsAggregated: false), Assert.Single(records));
        }
    }
}
