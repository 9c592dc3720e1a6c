using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Simulation.Tuning;

namespace LambdaStreamRunner.Simulation.Tests.Tuning;

public class VerificationTests
{
    private static readonly TunedSetting Chosen = new(1, new EventSourceMapping());
    private static readonly TunedSetting Neighbour = new(2, new EventSourceMapping());

    [Fact]
    public void A_setting_is_recommended_when_its_figures_are_predicted_within_a_fifth() =>
        Assert.True(new Verification(Chosen, [Run(Chosen, predicted: 110), Run(Neighbour, predicted: 110)]).IsRecommended);

    [Fact]
    public void It_is_not_when_one_of_its_runs_is_predicted_worse() =>
        Assert.False(new Verification(Chosen, [Run(Chosen, predicted: 110), Run(Chosen, predicted: 130)]).IsRecommended);

    [Fact]
    public void One_figure_that_is_far_off_is_enough() => Assert.False(new Verification(
        Chosen, [new VerifiedRun(Chosen, VerificationClock.Wall, [new("latency p50", "ms", 100, 100), new("latency p99", "ms", 160, 100), new("invocations", "", 10, 10)], 0) { Invocations = 100 }]).IsRecommended);

    [Fact]
    public void A_setting_is_known_by_what_it_says()
    {
        TunedSetting reports = Chosen with { Mapping = new EventSourceMapping { FunctionResponseTypes = [FunctionResponseType.ReportBatchItemFailures] } };
        TunedSetting again = Chosen with { Mapping = new EventSourceMapping { FunctionResponseTypes = [FunctionResponseType.ReportBatchItemFailures] } };

        Assert.False(new Verification(reports, [Run(reports, predicted: 110), Run(again, predicted: 200)]).IsRecommended);
    }

    [Fact]
    public void The_error_of_a_neighbour_does_not_matter() =>
        Assert.True(new Verification(Chosen, [Run(Chosen, predicted: 110), Run(Neighbour, predicted: 200)]).IsRecommended);

    [Fact]
    public void Nothing_is_recommended_that_never_ran() => Assert.False(new Verification(Chosen, []).IsRecommended);

    [Theory]
    [InlineData("ms", 0, 0.07, 0)]
    [InlineData("ms", 2, 4, 0.5)]
    [InlineData("", 0, 0.5, 1)]
    public void Times_that_differ_by_less_than_a_millisecond_do_not_differ(string unit, double predicted, double measured, double error) =>
        Assert.Equal(error, new VerifiedFigure("figure", unit, predicted, measured).Error);

    [Fact]
    public void Without_a_run_in_real_time_nothing_is_recommended() =>
        Assert.False(new Verification(Chosen, [Run(Chosen, predicted: 100) with { Clock = VerificationClock.Accelerated }, Run(Neighbour, predicted: 100)]).IsRecommended);

    [Fact]
    public void A_run_that_nothing_was_compared_of_recommends_nothing() =>
        Assert.False(new Verification(Chosen, [Run(Chosen, predicted: 100) with { Figures = [] }]).IsRecommended);

    [Theory]
    [InlineData(Verification.InvocationsMin, 0, true)]
    [InlineData(Verification.InvocationsMin - 1, 0, false)]
    [InlineData(Verification.InvocationsMin, 1, false)]
    public void A_recommendation_rests_on_enough_invocations_and_on_all_records(long invocations, long unsettled, bool isRecommended) =>
        Assert.Equal(isRecommended, new Verification(Chosen, [Run(Chosen, predicted: 100) with { Invocations = invocations, Unsettled = unsettled }]).IsRecommended);

    private static VerifiedRun Run(TunedSetting setting, double predicted) =>
        new(setting, VerificationClock.Wall, [new VerifiedFigure("latency p99", "ms", predicted, 100)], 0) { Invocations = 100 };
}
