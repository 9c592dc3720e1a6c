using System.Text;
using System.Text.Json;
using CsCheck;
using LambdaStreamRunner.Runner.Input;

namespace LambdaStreamRunner.Runner.Tests.Input;

public class RecordGeneratorTests
{
    [Fact]
    public void Round_robin_takes_one_key_after_the_other() =>
        Assert.Equal(
            ["key-1", "key-2", "key-3", "key-1", "key-2"],
            Make(new RecordGenerator(5, 3, KeyDistribution.RoundRobin, 64, seed: 1)).Select(record => record.Key));

    [Fact]
    public void Zipf_takes_the_nth_key_one_nth_as_often()
    {
        const int Records = 100_000;
        Dictionary<string, int> counts = Make(new RecordGenerator(Records, 1000, KeyDistribution.Zipf, 0, seed: 7)).CountBy(record => record.Key).ToDictionary();
        double share = 1 / Enumerable.Range(1, 1000).Sum(n => 1.0 / n);

        foreach (int n in new[] { 1, 2, 3, 10, 50 })
        {
            double expected = Records * share / n;
            Assert.InRange(counts[$"key-{n}"], expected - (6 * Math.Sqrt(expected)), expected + (6 * Math.Sqrt(expected)));
        }
    }

    [Fact]
    public void The_same_seed_makes_the_same_records_and_another_one_others()
    {
        List<(string, string)> first = Make(new RecordGenerator(50, 9, KeyDistribution.Zipf, 100, seed: 3));

        Assert.Equal(first, Make(new RecordGenerator(50, 9, KeyDistribution.Zipf, 100, seed: 3)));
        Assert.NotEqual(first, Make(new RecordGenerator(50, 9, KeyDistribution.Zipf, 100, seed: 4)));
    }

    [Fact]
    public void Payloads_are_JSON_of_the_asked_size_or_of_the_smallest_that_holds_number_and_key() =>
        Gen.Select(Gen.Int[0, 300], Gen.Int[1, 1000], Gen.Enum<KeyDistribution>()).Sample((bytes, keys, distribution) =>
        {
            long number = 0;
            foreach ((string key, string data) in Make(new RecordGenerator(20, keys, distribution, bytes, seed: bytes)))
            {
                using JsonDocument json = JsonDocument.Parse(data);
                Assert.Equal(++number, json.RootElement.GetProperty("number").GetInt64());
                Assert.Equal(key, json.RootElement.GetProperty("key").GetString());
                bool hasFiller = json.RootElement.TryGetProperty("filler", out _);
                Assert.True(hasFiller ? data.Length == bytes : data.Length + ",\"filler\":\"\"".Length > bytes, $"{bytes} bytes asked: {data}");
            }
            Assert.Equal(20, number);
        });

    [Fact]
    public void A_payload_may_fill_a_record_to_its_last_byte()
    {
        var generator = new RecordGenerator(1, 10, KeyDistribution.RoundRobin, Line.RecordBytesMax - "key-10".Length, seed: 1);

        Assert.True(generator.MoveNext());
        Assert.Equal(Line.RecordBytesMax - 6, generator.Data.Length);
    }

    [Fact]
    public void Making_records_takes_no_memory()
    {
        var generator = new RecordGenerator(10_000, 100, KeyDistribution.Zipf, 200, seed: 1);
        generator.MoveNext();

        long before = GC.GetAllocatedBytesForCurrentThread();
        while (generator.MoveNext())
        {
            // The records themselves are of no interest here.
        }

        // The runtime takes a few KB when it compiles the loop again; an object for each record would be 240,000 bytes.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 50_000);
    }

    [Theory]
    [InlineData(-1, 1, 1)]
    [InlineData(1, 0, 1)]
    [InlineData(1, 1_000_001, 1)]
    [InlineData(1, 1, -1)]
    [InlineData(1, 1, 1_048_576)]
    public void Numbers_that_make_no_sense_are_refused(long count, int keys, int bytes) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new RecordGenerator(count, keys, KeyDistribution.RoundRobin, bytes, seed: 1));

    private static List<(string Key, string Data)> Make(RecordGenerator generator)
    {
        List<(string, string)> records = [];
        while (generator.MoveNext())
            records.Add((generator.PartitionKey, Encoding.ASCII.GetString(generator.Data.Span)));
        return records;
    }
}
