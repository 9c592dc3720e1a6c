using CsCheck;
using LambdaStreamRunner.Simulation.Modelling;

namespace LambdaStreamRunner.Simulation.Tests.Modelling;

public class HandlerFitTests
{
    private static readonly int[] Sizes = [1, 2, 5, 10, 25, 50, 100, 250, 500, 1000];

    [Fact]
    public void A_line_without_noise_is_found_as_it_is()
    {
        HandlerFit fit = HandlerFit.Of([.. Sizes.Select(size => Warm(size, 20 + size))]);

        Assert.Equal((20, 1), (fit.Model.Fixed.TotalMilliseconds, fit.Model.PerRecord.TotalMilliseconds));
        Assert.Equal((0, 1, 0), (fit.Error.Median, fit.Error.RSquared, fit.Error.Worst));
        Assert.False(fit.Error.IsBad);
        Assert.All(fit.Model.Variation, ratio => Assert.Equal(1, ratio, 1e-9));
    }

    /// <summary>Noise of 5 %, and one invocation in five takes up to thirty times as long.</summary>
    [Fact]
    public void Both_parts_are_recovered_with_a_fifth_of_outliers() =>
        Gen.Select(Gen.Double[0.2, 50], Gen.Double[0.002, 5], Gen.Int[0, 1_000_000]).Sample((fixedMs, perRecordMs, seed) =>
        {
            HandlerFit fit = HandlerFit.Of(Noisy(fixedMs, perRecordMs, new Random(seed)));

            // What a batch takes must be right wherever it is looked at; a part that hardly counts cannot be told from noise.
            foreach (int size in Sizes)
                Assert.InRange(fit.Model.DurationOf(size).TotalMilliseconds / (fixedMs + (perRecordMs * size)), 0.9, 1.1);
            if (fixedMs > 5 * perRecordMs)
                Assert.InRange(fit.Model.Fixed.TotalMilliseconds / fixedMs, 0.9, 1.1);
            if (perRecordMs * 1000 > fixedMs)
                Assert.InRange(fit.Model.PerRecord.TotalMilliseconds / perRecordMs, 0.9, 1.1);
        }, iter: 300);

    [Fact]
    public void Simulated_invocations_take_as_long_in_the_mean_as_measured_ones() =>
        Gen.Select(Gen.Double[0.2, 50], Gen.Double[0.002, 5], Gen.Int[0, 1_000_000]).Sample((fixedMs, perRecordMs, seed) =>
        {
            List<HandlerMeasurement> measurements = Noisy(fixedMs, perRecordMs, new Random(seed));

            HandlerModel model = HandlerFit.Of(measurements).Model;

            double simulatedOverMeasured = Sizes.Average(size =>
                measurements.Where(measurement => measurement.Records == size).Average(measurement => measurement.Duration.Ticks) / (double)model.DurationOf(size).Ticks);
            Assert.Equal(simulatedOverMeasured, model.Variation.Average(), 1e-6);
            Assert.InRange(model.Variation.Length, 1, 500);
            Assert.Equal(model.Variation.Order(), model.Variation);
        }, iter: 100);

    [Fact]
    public void A_cost_that_does_not_grow_gets_no_part_per_record()
    {
        HandlerFit fit = HandlerFit.Of([.. Sizes.Select((size, i) => Warm(size, i % 2 == 0 ? 20 : 20.2))]);

        Assert.InRange(fit.Model.DurationOf(1).TotalMilliseconds, 19.9, 20.3);
        Assert.InRange(fit.Model.DurationOf(1000).TotalMilliseconds, 19.9, 20.3);
        Assert.Null(fit.Error.RSquared);
        Assert.False(fit.Error.IsBad);
    }

    [Fact]
    public void Neither_part_is_below_zero() =>
        Gen.Double[0.1, 100].Array[Sizes.Length].Sample(durations =>
        {
            HandlerModel model = HandlerFit.Of([.. Sizes.Zip(durations, Warm)]).Model;

            Assert.True(model.Fixed >= TimeSpan.Zero && model.PerRecord >= TimeSpan.Zero);
            Assert.True(model.Fixed + model.PerRecord > TimeSpan.Zero);
        });

    [Fact]
    public void A_handler_that_is_no_line_is_called_a_bad_fit()
    {
        HandlerFit fit = HandlerFit.Of([.. Sizes.Select(size => Warm(size, 0.01 * size * size))]);

        Assert.True(fit.Error.IsBad);
        Assert.True(fit.Error.Worst > FitError.BadFrom);
        Assert.Contains(fit.Error.WorstRecords, Sizes);
    }

    [Fact]
    public void Invocations_beside_others_are_slowed_down_and_never_hurried()
    {
        HandlerFit fit = HandlerFit.Of(
        [
            .. Sizes.Select(size => Warm(size, 10 + size)),
            .. Sizes.Select(size => Warm(size, (10 + size) * 0.9) with { Concurrency = 2 }),
            .. Sizes.Select(size => Warm(size, (10 + size) * 2.5) with { Concurrency = 4 }),
        ]);

        Assert.Equal([new SlowDown(1, 1), new SlowDown(2, 1)], fit.Model.SlowDowns.Take(2));
        Assert.Equal((4, 2.5), (fit.Model.SlowDowns[2].Concurrency, Math.Round(fit.Model.SlowDowns[2].Factor, 6)));
    }

    [Fact]
    public void Slow_downs_that_fall_with_the_concurrency_are_noise_and_share_their_mean()
    {
        HandlerFit fit = HandlerFit.Of(
        [
            .. Sizes.Select(size => Warm(size, 10)),
            .. Sizes.Select(size => Warm(size, 20) with { Concurrency = 2 }),
            .. Sizes.Select(size => Warm(size, 12) with { Concurrency = 4 }),
            .. Sizes.Select(size => Warm(size, 30) with { Concurrency = 10 }),
        ]);

        Assert.Equal([(1, 1), (2, 1.6), (4, 1.6), (10, 3)], fit.Model.SlowDowns.Select(slow => (slow.Concurrency, Math.Round(slow.Factor, 6))));
    }

    [Fact]
    public void A_cold_start_is_what_a_new_environment_takes_longer()
    {
        HandlerFit fit = HandlerFit.Of(
        [
            .. Sizes.Select(size => Warm(size, 10 + size)),
            Warm(1, 311) with { Environment = MeasuredEnvironment.Cold },
            Warm(1, 211) with { Environment = MeasuredEnvironment.Cold },
            Warm(1, 5) with { Environment = MeasuredEnvironment.Cold },
        ]);

        Assert.Equal([0, 200, 300], fit.Model.ColdStarts.Select(cold => cold.TotalMilliseconds));
    }

    [Fact]
    public void A_table_without_warm_invocations_alone_is_refused() =>
        Assert.Throws<ArgumentException>(() => HandlerFit.Of([Warm(1, 5) with { Concurrency = 2 }, Warm(1, 5) with { Environment = MeasuredEnvironment.Cold }]));

    private static List<HandlerMeasurement> Noisy(double fixedMs, double perRecordMs, Random random)
    {
        List<HandlerMeasurement> measurements = [];
        foreach (int size in Sizes)
        {
            for (int i = 0; i < 40; i++)
            {
                double noise = 1 + (0.05 * (random.NextDouble() + random.NextDouble() + random.NextDouble() - 1.5));
                double pause = random.NextDouble() < 0.2 ? 1 + (29 * random.NextDouble()) : 1;
                measurements.Add(Warm(size, (fixedMs + (perRecordMs * size)) * noise * pause));
            }
        }
        return measurements;
    }

    private static HandlerMeasurement Warm(int records, double milliseconds) =>
        new(records, 1, TimeSpan.FromTicks((long)Math.Round(milliseconds * TimeSpan.TicksPerMillisecond)), MeasuredEnvironment.Warm);
}
