using System.Collections;
using System.Text;
using System.Text.Json;
using LambdaStreamRunner.Testing.Choosing;

namespace LambdaStreamRunner.Testing;

/// <summary>The records that a test puts, in their order. Every change gives a new list.</summary>
public sealed class Records : IReadOnlyList<TestRecord>
{
    private readonly List<TestRecord> _records;

    internal Records(IEnumerable<TestRecord> records) => _records = [.. records];

    /// <inheritdoc/>
    public int Count => _records.Count;

    /// <inheritdoc/>
    public TestRecord this[int index] => _records[index];

    /// <summary>Records of one key, all put at once.</summary>
    /// <param name="key">The partition key.</param>
    /// <param name="payloads">Their payloads, as text; one of at most 20 characters without blanks is the record's label as well.</param>
    public static Records Of(string key, params IEnumerable<string> payloads) =>
        Numbered(payloads.Select(payload => Written(key, payload)));

    /// <summary>Keys in turn: key-1, key-2, ... and again key-1.</summary>
    /// <param name="keys">How many keys, at least 1.</param>
    /// <param name="count">How many records.</param>
    /// <param name="perSecond">Records put per second, evenly; 0 puts all at once.</param>
    /// <param name="prefix">Before the number of a key.</param>
    public static Records RoundRobin(int keys, int count, double perSecond = 0, string prefix = "key-") =>
        Spread(keys, count, perSecond, prefix, index => index % keys);

    /// <summary>Keys as they come in life, a few of them most of the time: the k-th key is 1/k times as frequent as the first (Zipf).</summary>
    /// <inheritdoc cref="RoundRobin"/>
    public static Records Zipf(int keys, int count, double perSecond = 0, string prefix = "order-")
    {
        double[] cumulated = new double[Math.Max(1, keys)];
        for (int key = 0; key < cumulated.Length; key++)
            cumulated[key] = (key > 0 ? cumulated[key - 1] : 0) + (1.0 / (key + 1));
        return Spread(keys, count, perSecond, prefix, index =>
        {
            double draw = Mixing.Fraction(Mixing.Mix((ulong)index)) * cumulated[^1];
            int place = Array.BinarySearch(cumulated, draw);
            return Math.Min(place < 0 ? ~place : place, cumulated.Length - 1);
        });
    }

    /// <summary>These records, then others: the second list begins when the first has ended.</summary>
    public Records Then(Records others)
    {
        TimeSpan end = Count > 0 ? _records[^1].At : TimeSpan.Zero;
        return Numbered(_records.Concat(others.Select(record => record with { At = record.At + end })));
    }

    /// <summary>The same records, put later.</summary>
    public Records After(TimeSpan delay) => new(_records.Select(record => record with { At = record.At + delay }));

    /// <summary>Every invocation that has the nth record of a key fails, as if the handler threw at it.</summary>
    /// <param name="key">The partition key.</param>
    /// <param name="nth">1 for its first record.</param>
    public Records Poison(string key, int nth = 1) => Change(key, nth, record => record with { IsPoison = true });

    /// <summary>The nth record of a key has a payload that no handler can read: half of its bytes are missing.</summary>
    /// <inheritdoc cref="Poison"/>
    public Records Truncated(string key, int nth = 1) => Change(key, nth, record => record with { Data = record.Data[..(record.Data.Length / 2)] });

    /// <summary>Payloads as the handler expects them.</summary>
    /// <param name="payload">Text is put as it is, bytes as they are, anything else as JSON with camel case.</param>
    public Records Payload(Func<TestRecord, object> payload) => new(_records.Select(record => record with { Data = BytesOf(payload(record)) }));

    /// <inheritdoc/>
    public IEnumerator<TestRecord> GetEnumerator() => _records.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Short payloads that several records have are no names: these are called by key and number.</summary>
    internal Records WithLabelsOfTheirOwn()
    {
        var shared = _records.CountBy(record => record.Label).Where(label => label.Value > 1).Select(label => label.Key).ToHashSet();
        TestRecord[] named = [.. _records.Select(record => shared.Contains(record.Label) ? record with { Label = $"{record.Key}#{record.Nth}" } : record)];
        if (named.CountBy(record => record.Label).FirstOrDefault(label => label.Value > 1) is { Key: { } twice })
            throw new ArgumentException($"Two records are called {twice}: one by its key and number, another by its payload. Give that another payload.");
        return new Records(named);
    }

    private static Records Spread(int keys, int count, double perSecond, string prefix, Func<int, int> keyOf)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(keys, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfNegative(perSecond);
        return Numbered(Enumerable.Range(0, count).Select(index =>
        {
            var at = TimeSpan.FromMilliseconds(perSecond > 0 ? Math.Floor(index * 1_000 / perSecond) : 0);
            return new TestRecord($"{prefix}{keyOf(index) + 1}", 0, at);
        }));
    }

    // Numbers them anew, all and within their keys.
    private static Records Numbered(IEnumerable<TestRecord> records)
    {
        var nth = new Dictionary<string, int>();
        return new Records(records.Select((record, id) =>
        {
            nth[record.Key] = nth.GetValueOrDefault(record.Key) + 1;
            return record with { Nth = nth[record.Key], Id = id };
        }));
    }

    private static TestRecord Written(string key, string payload)
    {
        var record = new TestRecord(key, 0, TimeSpan.Zero) { Data = Encoding.UTF8.GetBytes(payload) };
        return IsLabel(payload) ? record with { Label = payload } : record;
    }

    private static bool IsLabel(string payload) => payload.Length is > 0 and <= 20 && !payload.Any(char.IsWhiteSpace) && !payload.StartsWith('{');

    private static byte[] BytesOf(object payload) => payload switch
    {
        byte[] bytes => bytes,
        string text => Encoding.UTF8.GetBytes(text),
        _ => JsonSerializer.SerializeToUtf8Bytes(payload, JsonSerializerOptions.Web),
    };

    private Records Change(string key, int nth, Func<TestRecord, TestRecord> change)
    {
        int ofKey = _records.Count(record => record.Key == key);
        if (_records.FindIndex(record => record.Key == key && record.Nth == nth) is var index && index < 0)
            throw new ArgumentException($"There is no record {key}#{nth}: {(ofKey == 0 ? $"no record has the key {key}" : $"{key} has {ofKey}")}.", nameof(nth));
        return new Records(_records.Select((record, place) => place == index ? change(record) : record));
    }
}
