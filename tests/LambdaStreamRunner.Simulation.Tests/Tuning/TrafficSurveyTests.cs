using LambdaStreamRunner.Simulation.Traffic;
using LambdaStreamRunner.Simulation.Tuning;

namespace LambdaStreamRunner.Simulation.Tests.Tuning;

public class TrafficSurveyTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Fact]
    public void It_knows_rate_sizes_and_the_busiest_key()
    {
        List<Arrival> arrivals = [.. Enumerable.Range(0, 6_000).Select(i => new Arrival(i * TimeSpan.TicksPerSecond / 10, i % 4 == 0 ? 7u : (UInt128)(1_000 + i), 8, i % 2 == 0 ? 100 : 200))];
        TrafficSurvey survey = TrafficSurvey.Of(new ListedTraffic(arrivals), TestContext.Current.CancellationToken);

        Assert.Equal(6_000, survey.Records);
        Assert.Equal(10, survey.RatePerSecond, 1);
        Assert.Equal(150, survey.PayloadMean);
        Assert.Equal((7u, 1_500), survey.Busiest);
        Assert.Equal(10, survey.PeakPerSecond, 1.0);
    }

    [Fact]
    public void A_slice_lies_on_the_peak_with_a_warm_up_before_it()
    {
        var survey = TrafficSurvey.Of(ListedTraffic.Even(1, Hour, busy: (Hour / 2, Hour * 0.6)), TestContext.Current.CancellationToken);

        TrafficSlice slice = survey.BusiestOf(TimeSpan.FromMinutes(6));

        Assert.InRange((slice.From + slice.WarmUp).TotalMinutes, 29.5, 30.5);
        Assert.InRange(slice.Until!.Value.TotalMinutes, 35.5, 36.5);
        Assert.InRange(slice.WarmUp.TotalMinutes, 1.4, 1.6);
    }

    [Fact]
    public void A_slice_as_long_as_the_traffic_is_all_of_it() =>
        Assert.Equal(TrafficSlice.Whole, TrafficSurvey.Of(ListedTraffic.Even(1, Hour), TestContext.Current.CancellationToken).BusiestOf(Hour));

    [Fact]
    public void A_busy_key_is_found_among_more_keys_than_it_remembers()
    {
        List<Arrival> arrivals = [.. Enumerable.Range(0, 600_000).Select(i => new Arrival(i, i % 10 == 3 ? 7u : (UInt128)(1_000 + i), 8, 10))];

        Assert.Equal(7u, TrafficSurvey.Of(new ListedTraffic(arrivals), TestContext.Current.CancellationToken).Busiest!.Value.Key);
    }

    [Fact]
    public void Records_of_one_moment_have_a_rate_all_the_same()
    {
        var survey = TrafficSurvey.Of(new ListedTraffic([.. Enumerable.Range(0, 100).Select(_ => new Arrival(0, 1, 1, 1))]), TestContext.Current.CancellationToken);

        Assert.True(double.IsFinite(survey.RatePerSecond));
        Assert.Equal(100, survey.Records);
    }
}
