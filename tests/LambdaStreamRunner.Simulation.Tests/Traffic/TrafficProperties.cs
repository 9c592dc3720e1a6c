using CsCheck;
using LambdaStreamRunner.Simulation.Traffic;

namespace LambdaStreamRunner.Simulation.Tests.Traffic;

/// <summary>What holds of every traffic. A failure prints its seed: CsCheck_Seed=... repeats it.</summary>
public class TrafficProperties
{
    private static readonly Gen<RateCurve> Curves = Gen.OneOf(
        Gen.Double[0.5, 20_000].Select(RateCurve.Constant),
        Gen.Select(Gen.Double[1, 5_000], Gen.Double[1.5, 50], Gen.Int[1, 400], Gen.Int[500, 5000]).Select((rate, factor, length, every) =>
            RateCurve.Bursts(rate, factor > 40 ? double.PositiveInfinity : factor, TimeSpan.FromMilliseconds(length), TimeSpan.FromMilliseconds(every))),
        Gen.Select(Gen.Double[1, 5_000], Gen.Double[1, 100]).Select(RateCurve.Daily),
        Gen.Select(Gen.Int[1, 3000], Gen.Double[0, 4000]).Select((length, rate) => new RatePiece(TimeSpan.FromMilliseconds(length), rate < 800 ? 0 : rate)).Array[1, 8]
            .Where(pieces => pieces.Any(piece => piece.Rate > 0)).Select(pieces => RateCurve.Of([.. pieces], "any")));

    private static readonly Gen<KeyProfile> Keys = Gen.OneOf<KeyProfile>(
        Gen.Select(Gen.Int[1, 300], Gen.Double[0, 2]).Select((count, exponent) => (KeyProfile)new KeyProfile.Zipf(count, exponent)),
        Gen.Int[1, 300].Select(count => (KeyProfile)new KeyProfile.Uniform(count)),
        Gen.Const((KeyProfile)new KeyProfile.Distinct()));

    private static readonly Gen<SyntheticTraffic> Synthetic = Gen.Select(Curves, Keys, Gen.Enum<ArrivalSpacing>(), Gen.Int[1, 10_000], Gen.Long)
        .Select((curve, keys, spacing, milliseconds, seed) => new SyntheticTraffic(new TrafficProfile
        {
            Rate = curve,
            Keys = keys,
            Spacing = spacing,
            Duration = TimeSpan.FromMilliseconds(milliseconds),
            Seed = seed,
        }));

    private static readonly Gen<StreamTraffic> Traffics = Gen.OneOf<StreamTraffic>(
        Synthetic.Select(traffic => (StreamTraffic)traffic),
        Synthetic.Select(traffic => (StreamTraffic)new RecordedTraffic("recorded", traffic.All())),
        Gen.Select(Synthetic, Gen.Double[0.01, 300]).Select((traffic, factor) => traffic.AtSpeed(factor)),
        Gen.Select(Synthetic, Gen.Int[0, 5000], Gen.Int[1, 5000]).Select((traffic, from, length) =>
            traffic.Between(TimeSpan.FromMilliseconds(from), TimeSpan.FromMilliseconds(from + length))),
        Gen.Select(Synthetic, Gen.Int[1, 4], Gen.Int[0, 3]).Select((traffic, times, pause) =>
            traffic.Repeated(times, traffic.Duration + TimeSpan.FromTicks(1) + TimeSpan.FromSeconds(pause))));

    private static readonly Gen<(StreamTraffic Traffic, double From)> TrafficsFrom = Gen.Select(Traffics, Gen.Double[-0.1, 1.1]);

    [Fact]
    public void Reading_from_a_time_gives_the_tail_of_reading_all() => TrafficsFrom.Sample(
        sample =>
        {
            TimeSpan from = sample.Traffic.Duration * sample.From;
            Arrival[] tail = [.. sample.Traffic.All().Where(arrival => arrival.Time >= from)];
            Arrival[] read = sample.Traffic.All(from);
            Assert.Equal(tail.Length, read.Length);
            Assert.True(tail.AsSpan().SequenceEqual(read), $"Other records from {from} on.");
        },
        iter: 300);

    [Fact]
    public void It_is_in_order_of_time_counts_its_records_and_ends_with_the_last_one() => Traffics.Sample(
        traffic =>
        {
            Arrival[] all = traffic.All();
            Assert.DoesNotContain(true, all.Zip(all.Skip(1), (one, next) => next.Ticks < one.Ticks));
            Assert.Equal(all.Length, traffic.Count);
            Assert.Equal(all.Length == 0 ? TimeSpan.Zero : all[^1].Time, traffic.Duration);
            Assert.True(all.Length == 0 || all[0].Ticks >= 0);
        },
        iter: 300);

    [Fact]
    public void Blocks_are_neither_empty_nor_too_large() => Traffics.Sample(
        traffic => Assert.All(traffic.ReadFrom(TimeSpan.Zero), block => Assert.InRange(block.Length, 1, StreamTraffic.BlockMax)),
        iter: 100);

    [Fact]
    public void Two_readers_at_once_see_the_same() => Traffics.Sample(
        traffic => Assert.All(
            traffic.ReadFrom(TimeSpan.Zero).Zip(traffic.ReadFrom(TimeSpan.Zero)),
            pair => Assert.True(pair.First.Span.SequenceEqual(pair.Second.Span))),
        iter: 100);

    [Fact]
    public void Another_seed_makes_another_traffic_of_the_same_profile()
    {
        var profile = new TrafficProfile { Rate = RateCurve.Constant(1000), Duration = TimeSpan.FromSeconds(1) };

        Assert.Equal(new SyntheticTraffic(profile).All(), new SyntheticTraffic(profile).All());
        Assert.NotEqual(new SyntheticTraffic(profile).All(), new SyntheticTraffic(profile with { Seed = 2 }).All());
    }

    [Fact]
    public void Other_keys_and_sizes_leave_the_times_as_they_are()
    {
        var profile = new TrafficProfile { Rate = RateCurve.Constant(1000), Duration = TimeSpan.FromSeconds(10) };
        TrafficProfile other = profile with { Keys = new KeyProfile.Distinct(), Sizes = new SizeProfile.LogNormal(100, 1000) };

        Assert.Equal(
            new SyntheticTraffic(profile).All().Select(arrival => arrival.Ticks),
            new SyntheticTraffic(other).All().Select(arrival => arrival.Ticks));
    }
}
