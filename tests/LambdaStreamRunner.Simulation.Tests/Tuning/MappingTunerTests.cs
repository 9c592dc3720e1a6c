using LambdaStreamRunner.Simulation.Figures;
using LambdaStreamRunner.Simulation.Modelling;
using LambdaStreamRunner.Simulation.Traffic;
using LambdaStreamRunner.Simulation.Tuning;
using static LambdaStreamRunner.Simulation.Tests.Tuning.TunedMapping;

namespace LambdaStreamRunner.Simulation.Tests.Tuning;

public class MappingTunerTests
{
    [Fact]
    public void The_chosen_setting_is_the_cheapest_that_meets_the_objective()
    {
        TuningRequest request = Request() with { Objective = ServiceLevelObjective.Parse("iteratorAge.p99 < 2s") };

        TuningResult result = Tune(request);

        Assert.True(result.IsComplete);
        Assert.True(request.Objective.IsMetBy(result.Chosen!));
        Assert.Equal(10, result.Chosen!.Runs);
        Assert.All(result.Frontier.Where(request.Objective.IsMetBy), point => Assert.True(point.Cost.Total >= result.Chosen.Cost.Total / 1.01));
    }

    [Fact]
    public void Without_an_objective_it_is_the_knee()
    {
        TuningResult result = Tune(Request());

        Assert.Same(result.Knee, result.Chosen);
        Assert.Contains(result.Chosen, result.Frontier);
        Assert.Null(result.NearestFeasible);
    }

    [Fact]
    public void A_setting_that_keeps_up_because_most_invocations_are_faster_than_the_fit_is_not_ruled_out()
    {
        TuningResult result = Tune(Request() with
        {
            Handler = new HandlerModel { Fixed = TimeSpan.FromMilliseconds(10), Variation = [0.1, 0.1, 1, 1] },
            Grid = new SettingGrid { BatchSizes = [1], Windows = [0], ParallelizationFactors = [1] },
        });

        Assert.Empty(result.Pruned);
        Assert.NotNull(result.Chosen);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(500)]
    public void Records_of_one_moment_are_no_lasting_rate(int records)
    {
        var traffic = new ListedTraffic([.. Enumerable.Range(0, records).Select(i => new Arrival(0, (UInt128)(i % 100), 8, 100))]);

        TuningResult result = new MappingTuner(Request() with { Traffic = traffic, Grid = new SettingGrid { Windows = [0], ParallelizationFactors = [1, 2] } }, TimeProvider.System)
            .Run(cancellation: TestContext.Current.CancellationToken);

        Assert.NotNull(result.Chosen);
    }

    [Fact]
    public void What_theory_rules_out_is_counted_with_its_reason()
    {
        TuningRequest request = Request() with { Traffic = ListedTraffic.Even(100, TimeSpan.FromMinutes(10), bytes: 10_000), ConcurrencyMax = 3 };

        TuningResult result = Tune(request);

        Assert.Contains(result.Pruned, pruned => pruned.Reason.Contains("above the 3 concurrent invocations", StringComparison.Ordinal));
        Assert.Contains(result.Pruned, pruned => pruned.Reason.Contains("an event of 6 MB holds about 453", StringComparison.Ordinal));
        Assert.Contains(result.Pruned, pruned => pruned.Reason.Contains("do not keep up", StringComparison.Ordinal));
        Assert.Equal(request.Grid.Count, result.Pruned.Sum(pruned => pruned.Count) + result.Explored.Length);
        Assert.All(result.Explored, point => Assert.True(point.Setting.ConcurrencyCeiling <= 3));
    }

    [Fact]
    public void The_result_does_not_depend_on_the_number_of_threads()
    {
        TuningRequest request = Request() with { Objective = ServiceLevelObjective.Parse("iteratorAge.p99 < 2s") };

        TuningResult one = Tune(request with { Threads = 1 });
        TuningResult eight = Tune(request with { Threads = 8 });

        Assert.Equal(one.Chosen!.Setting, eight.Chosen!.Setting);
        Assert.Equal(one.Frontier.Select(point => (point.Setting, point.Cost, point.IteratorAgeP99)), eight.Frontier.Select(point => (point.Setting, point.Cost, point.IteratorAgeP99)));
        Assert.Equal(one.Explored.Select(point => point.Setting), eight.Explored.Select(point => point.Setting));
        Assert.Equal(one.Advice, eight.Advice);
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData("iteratorAge.p99 < 20s", true)]
    [InlineData("iteratorAge.p99 < 20s and discarded < 1000000", false)]
    public void What_throws_healthy_records_away_is_chosen_only_where_the_objective_allows_it(string? objective, bool bisects)
    {
        var model = new ModelledStream(TrafficWithBusyMinute);
        TuningRequest request = Request() with
        {
            Objective = objective is null ? null : ServiceLevelObjective.Parse(objective),
            Grid = new SettingGrid { Bisect = [false, true], RetryAttempts = [2] },
        };

        TuningResult result = new MappingTuner(request, (plan, cancellation) =>
        {
            SimulationFigures figures = model.Run(plan, cancellation);
            return plan.Setting.Mapping.BisectBatchOnFunctionError
                ? figures with { Discarded = figures.Records / 1_000, Billed = figures.Billed * 1.2 }
                : figures with { Discarded = figures.Records / 10, InnocentCasualties = figures.Records / 11 };
        }, TimeProvider.System).Run(cancellation: TestContext.Current.CancellationToken);

        Assert.Equal(bisects, result.Chosen!.Setting.Mapping.BisectBatchOnFunctionError);
        Assert.Equal(objective is null, result.Advice[0].Contains(", among those that lose no more records than need be: $", StringComparison.Ordinal));
    }

    [Fact]
    public void Sensitivity_turns_one_knob_at_a_time_around_the_chosen_setting()
    {
        TuningResult result = Tune(Request());

        Assert.Equal(["BatchSize", "MaximumBatchingWindowInSeconds", "ParallelizationFactor", "Consumer"], result.Sensitivity.Select(knob => knob.Knob));
        Assert.All(result.Sensitivity, knob => Assert.Same(result.Chosen, Assert.Single(knob.Steps, step => step.IsChosen).Point));
    }

    [Fact]
    public void Traffic_without_records_is_refused() =>
        Assert.Throws<ArgumentException>(() => Tune(Request() with { Traffic = new ListedTraffic([]) }));
}
