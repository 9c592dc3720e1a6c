using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Simulation.Modelling;
using LambdaStreamRunner.Simulation.Tuning;
using static LambdaStreamRunner.Simulation.Tests.Tuning.TunedMapping;

namespace LambdaStreamRunner.Simulation.Tests.Tuning;

/// <summary>What people are told after a search.</summary>
public class TuningAdviceTests
{
    [Theory]
    [InlineData(null, "is chosen as the one from which paying more begins to buy little: $")]
    [InlineData("iteratorAge.p99 < 20s", "is chosen as the cheapest that meets iteratorAge.p99 < 20s: $")]
    public void The_first_advice_says_why_this_setting_and_what_the_next_would_be(string? objective, string why)
    {
        TuningResult result = Tune(Request() with { Objective = objective is null ? null : ServiceLevelObjective.Parse(objective) });

        Assert.StartsWith("BatchSize ", result.Advice[0], StringComparison.Ordinal);
        Assert.Contains(why, result.Advice[0], StringComparison.Ordinal);
        Assert.Contains("The next faster, ", result.Advice[0], StringComparison.Ordinal);
    }

    [Fact]
    public void An_objective_that_none_meets_names_the_nearest_and_by_how_much_it_misses()
    {
        TuningResult result = Tune(Request() with { Objective = ServiceLevelObjective.Parse("iteratorAge.p99 < 1ms") });

        Assert.Null(result.Chosen);
        Assert.NotNull(result.NearestFeasible);
        Assert.Contains("No setting meets iteratorAge.p99 < 1ms. The nearest is BatchSize", result.Advice[0], StringComparison.Ordinal);
        Assert.Contains("above 1 ms", result.Advice[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "--slo \"latency.p99 < 5s\"")]
    [InlineData("iteratorAge.p99 < 20s", "--slo \"iteratorAge.p99 < 20s and latency.p99 < 5s\"")]
    [InlineData("latency.p99 < 60s", null)]
    public void A_latency_that_the_iterator_age_does_not_see_is_told_with_the_limit_to_add(string? objective, string? told)
    {
        TuningRequest request = Request() with
        {
            Traffic = ListedTraffic.Even(100, TimeSpan.FromMinutes(30)),
            Objective = objective is null ? null : ServiceLevelObjective.Parse(objective),
            Grid = new SettingGrid { BatchSizes = [1_000], Windows = [300], ParallelizationFactors = [1], Consumers = [PollingMode.Aws] },
        };

        TuningResult result = new MappingTuner(request, TimeProvider.System).Run(cancellation: TestContext.Current.CancellationToken);

        string? sentence = result.Advice.FirstOrDefault(sentence => sentence.Contains("wait much longer than the iterator age tells", StringComparison.Ordinal));
        if (told is null)
            Assert.Null(sentence);
        else
            Assert.Contains(told, sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void A_load_that_no_setting_keeps_up_with_says_how_much_is_needed()
    {
        TuningResult result = Tune(Request() with { Handler = new HandlerModel { Fixed = TimeSpan.Zero, PerRecord = TimeSpan.FromMilliseconds(200) } });

        Assert.Null(result.Chosen);
        Assert.Empty(result.Frontier);
        Assert.Contains("the traffic needs 24 lanes", result.Advice[0], StringComparison.Ordinal);
        Assert.Contains("Allow 3 shards", result.Advice[0], StringComparison.Ordinal);
        Assert.Equal(Request().Grid.Count, result.Pruned.Sum(pruned => pruned.Count));
    }

    [Fact]
    public void A_key_that_no_lane_keeps_up_with_is_named()
    {
        TuningResult result = Tune(Request() with { Traffic = ListedTraffic.Even(100, TimeSpan.FromMinutes(10), keys: 1), Handler = new HandlerModel { Fixed = TimeSpan.Zero, PerRecord = TimeSpan.FromMilliseconds(14) } });

        Assert.Contains("key `key-0` alone needs 1.4 of a lane", result.Advice[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Reserved_concurrency_of_0_is_named_as_what_it_is()
    {
        TuningResult result = Tune(Request() with { ReservedConcurrency = 0 });

        Assert.Contains("reserved concurrency 0 lets no invocation run", Assert.Single(result.Advice), StringComparison.Ordinal);
    }

    [Fact]
    public void Settings_that_fall_behind_only_in_the_simulation_are_explained()
    {
        var model = new ModelledStream(TrafficWithBusyMinute);
        TuningResult result = new MappingTuner(Request(), (plan, cancellation) => model.Run(plan, cancellation) with { IsStable = false }, TimeProvider.System)
            .Run(cancellation: TestContext.Current.CancellationToken);

        Assert.Contains("that theory left fell behind in the simulation, at a peak of ", Assert.Single(result.Advice), StringComparison.Ordinal);
    }

    [Fact]
    public void A_poison_record_is_simulated_with_and_without_reporting() =>
        Assert.Contains("One poison record blocks its lane 41 s as it is; with ReportBatchItemFailures 6 s.", Tune(Request() with { Grid = new SettingGrid { RetryAttempts = [2] } }).Advice);

    [Fact]
    public void Where_retries_are_unlimited_a_limit_is_proposed() =>
        Assert.Contains(Tune(Request()).Advice, sentence => sentence.Contains("because nothing limits its retries; with MaximumRetryAttempts 2", StringComparison.Ordinal));
}
