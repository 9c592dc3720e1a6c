using LambdaStreamRunner.StreamServer.Faults;
using LambdaStreamRunner.StreamServer.Protocol;

namespace LambdaStreamRunner.StreamServer.Tests.Faults;

/// <summary>How often what goes wrong, and that it can be repeated.</summary>
public class FaultChances
{
    private const int Calls = 20_000;

    private static readonly StreamFaults Some = new() { ThrottleRate = 0.2, ErrorRate = 0.1, ExpiredIteratorRate = 0.05, LatencyMax = TimeSpan.FromTicks(1) };

    /// <summary>Six standard deviations: one run in half a billion is outside of them.</summary>
    [Fact]
    public void Rates_are_kept_whatever_the_seed()
    {
        EmbeddedStream stream = StreamWith(Some);
        TestContext.Current.SendDiagnosticMessage($"Seed {stream.Faults!.Seed}: set StreamFaults.Seed to it to see the same again.");
        for (int i = 0; i < Calls; i++)
            stream.Faults.Next(CancellationToken.None).RefusalOfRead(stream, stream.Records.Shards[0], now: 0);

        FaultCounts counts = stream.Faults.Counts;
        string seed = $"seed {stream.Faults.Seed}";
        Assert.Equal(Calls, counts.Calls);
        AssertNear(0.2, counts.ThrottledCalls, seed);
        AssertNear(0.1, counts.FailedCalls, seed);
        AssertNear(0.05, counts.ExpiredIterators, seed);
    }

    [Fact]
    public void So_are_those_of_the_records_of_a_PutRecords()
    {
        EmbeddedStream stream = StreamWith(Some);
        for (int i = 0; i < Calls / 500; i++)
            stream.Faults!.Next(CancellationToken.None).FailSome(Entries(500), stream);

        FaultCounts counts = stream.Faults!.Counts;
        AssertNear(0.2, counts.ThrottledRecords, $"seed {stream.Faults.Seed}");
        AssertNear(0.1, counts.FailedRecords, $"seed {stream.Faults.Seed}");
    }

    [Fact]
    public void The_same_seed_and_the_same_calls_give_the_same_faults()
    {
        string first = Fates(Some with { Seed = 42 });

        Assert.Equal(first, Fates(Some with { Seed = 42 }));
        Assert.NotEqual(first, Fates(Some with { Seed = 43 }));
        Assert.NotEqual(Fates(Some), Fates(Some));            // 300 calls: equal once in more than 10^80 runs
    }

    [Fact]
    public void Chances_are_spread_evenly()
    {
        const int Boxes = 20;
        int seed = Random.Shared.Next();
        var hits = new int[Boxes];
        for (int call = 0; call < Calls; call++)
        {
            var dice = new FaultDice(seed, call);
            hits[(int)(dice.Next() * Boxes)]++;
            hits[(int)(dice.Next() * Boxes)]++;
        }

        double expected = 2.0 * Calls / Boxes;
        double chiSquare = hits.Sum(hit => (hit - expected) * (hit - expected) / expected);
        Assert.True(chiSquare < 75, $"Seed {seed}: chi-square {chiSquare} with 19 degrees of freedom; more than 75 comes once in 100 million runs.");
    }

    [Fact]
    public void A_seed_that_is_not_given_is_another_one_every_time() =>
        Assert.NotEqual(Enumerable.Repeat(StreamWith(Some).Faults!.Seed, 3), Enumerable.Range(0, 3).Select(_ => StreamWith(Some).Faults!.Seed));

    [Fact]
    public void Faults_that_say_nothing_are_none()
    {
        Assert.Null(StreamWith(new StreamFaults { Seed = 1 }).Faults);
        EmbeddedStream stream = StreamWith(Some);
        stream.Rehearse(null);
        Assert.Null(stream.Faults);
    }

    [Theory]
    [InlineData(1.5, 0, 0, 0, "ThrottleRate is 1.5; it is a share, 0 to 1.")]
    [InlineData(0, double.NaN, 0, 0, "ErrorRate is NaN; it is a share, 0 to 1.")]
    [InlineData(0.6, 0.6, 0, 0, "ThrottleRate makes more than 1 with ErrorRate and ExpiredIteratorRate")]
    [InlineData(0, 0, 10, 5, "LatencyMax is 5 ms with a LatencyMin of 10 ms")]
    [InlineData(0, 0, 0, 60_001, "LatencyMax is 60001 ms")]
    public void What_is_out_of_range_is_refused(double throttled, double failed, int latencyMin, int latencyMax, string complaint)
    {
        var faults = new StreamFaults
        {
            ThrottleRate = throttled,
            ErrorRate = failed,
            LatencyMin = TimeSpan.FromMilliseconds(latencyMin),
            LatencyMax = TimeSpan.FromMilliseconds(latencyMax),
        };

        Assert.Contains(complaint, Assert.Throws<ArgumentException>(() => StreamWith(faults)).Message, StringComparison.Ordinal);
    }

    private static string Fates(StreamFaults faults)
    {
        EmbeddedStream stream = StreamWith(faults);
        return string.Join(',', Enumerable.Range(0, 300).Select(_ =>
            stream.Faults!.Next(CancellationToken.None).RefusalOfRead(stream, stream.Records.Shards[0], now: 0)?.Error ?? "-"));
    }

    private static EmbeddedStream StreamWith(StreamFaults faults)
    {
        EmbeddedStream stream = new EmbeddedStreams(new EmbeddedStreamsOptions(), TimeProvider.System).Create("clicks", 1);
        stream.Rehearse(faults);
        return stream;
    }

    private static PutEntry[] Entries(int count) =>
        [.. Enumerable.Range(0, count).Select(_ => PutEntry.FromBytes("k"u8.ToArray(), ReadOnlyMemory<byte>.Empty, explicitHashKey: null))];

    private static void AssertNear(double rate, long hits, string seed)
    {
        double deviation = Math.Sqrt(Calls * rate * (1 - rate));
        Assert.True(Math.Abs(hits - (Calls * rate)) < 6 * deviation, $"{hits} of {Calls} instead of {rate:P0}, {seed}");
    }
}
