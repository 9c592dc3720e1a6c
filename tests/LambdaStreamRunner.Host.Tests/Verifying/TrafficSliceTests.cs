using System.Text;
using LambdaStreamRunner.Core.Streams;
using LambdaStreamRunner.Host.Measuring;
using LambdaStreamRunner.Host.Verifying;
using LambdaStreamRunner.Simulation.Traffic;

namespace LambdaStreamRunner.Host.Tests.Verifying;

public class TrafficSliceTests
{
    [Fact]
    public void The_busiest_stretch_is_cut_out_and_begins_at_zero()
    {
        Arrival[] arrivals = [.. Every(seconds: 1, from: 0, until: 100), .. Every(seconds: 0.01, from: 100, until: 105), .. Every(seconds: 1, from: 105, until: 200)];

        var slice = TrafficSlice.BusiestOf(new RecordedTraffic(arrivals), TimeSpan.FromSeconds(5), SampleRecords.Generate());

        Assert.InRange(slice.Count, 490, 501);
        Assert.True(slice.Arrivals[0].Time < TimeSpan.FromSeconds(1));
        Assert.True(slice.Duration < TimeSpan.FromSeconds(5));
        Assert.Equal(slice.Arrivals, slice.ReadFrom(TimeSpan.Zero).SelectMany(block => block.ToArray()));
        Assert.Equal(slice.Arrivals.Where(arrival => arrival.Time >= TimeSpan.FromSeconds(2)), slice.ReadFrom(TimeSpan.FromSeconds(2)).SelectMany(block => block.ToArray()));
    }

    [Fact]
    public void All_of_a_short_traffic_is_taken()
    {
        var slice = TrafficSlice.BusiestOf(new RecordedTraffic(Every(seconds: 0.1, from: 0, until: 3)), TimeSpan.FromSeconds(30), SampleRecords.Generate());

        Assert.Equal(30, slice.Count);
    }

    [Fact]
    public void Keys_that_are_known_by_their_hash_are_called_by_it_and_stay_apart()
    {
        Arrival[] arrivals = [new Arrival(0, 7, 5, 100), new Arrival(1, 8, 5, 100), new Arrival(2, 7, 5, 100)];

        var slice = TrafficSlice.BusiestOf(new RecordedTraffic(arrivals), TimeSpan.FromSeconds(1), SampleRecords.Generate());

        Assert.Equal([$"{7:x32}", $"{8:x32}", $"{7:x32}"], slice.Keys);
        Assert.Equal(HashKeyRange.HashOf(Encoding.UTF8.GetBytes(slice.Keys[0])), slice.Arrivals[0].KeyHash);
        Assert.Equal((slice.Keys[0], 32), (slice.NameOf(slice.Arrivals[0].KeyHash), slice.Arrivals[0].KeyLength));
    }

    [Fact]
    public void Real_samples_come_in_turn_and_made_ones_have_the_sizes_of_the_traffic()
    {
        Arrival[] arrivals = [new Arrival(0, 7, 5, 100), new Arrival(1, 8, 5, 3), new Arrival(2, 7, 5, 0)];
        var real = new SampleRecords([Sample("first"), Sample("the second")], "two", AreGenerated: false);

        var withReal = TrafficSlice.BusiestOf(new RecordedTraffic(arrivals), TimeSpan.FromSeconds(1), real);
        var withMade = TrafficSlice.BusiestOf(new RecordedTraffic(arrivals), TimeSpan.FromSeconds(1), SampleRecords.Generate());

        Assert.Equal(["first", "the second", "first"], withReal.Payloads.Select(payload => Encoding.UTF8.GetString(payload.Span)));
        Assert.Equal([5, 10, 5], withReal.Arrivals.Select(arrival => arrival.DataLength));
        Assert.Equal([100, 3, 0], withMade.Payloads.Select(payload => payload.Length));
    }

    private static SampleRecord Sample(string text) => new("key", Encoding.UTF8.GetBytes(text), null);

    private static Arrival[] Every(double seconds, double from, double until) =>
        [.. Enumerable.Range(0, (int)Math.Round((until - from) / seconds)).Select(i => new Arrival((long)((from + (i * seconds)) * TimeSpan.TicksPerSecond), 7, 5, 100))];

    private sealed class RecordedTraffic(Arrival[] arrivals) : StreamTraffic
    {
        public override string Description => "recorded";

        public override long Count => arrivals.Length;

        public override TimeSpan Duration => arrivals[^1].Time;

        public override IEnumerable<ReadOnlyMemory<Arrival>> ReadFrom(TimeSpan from)
        {
            foreach (Arrival[] block in arrivals.Where(arrival => arrival.Time >= from).Chunk(BlockMax))
                yield return block;
        }
    }
}
