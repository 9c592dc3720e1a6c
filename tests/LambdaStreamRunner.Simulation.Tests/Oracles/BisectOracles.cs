using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Simulation.Figures;
using LambdaStreamRunner.Simulation.Modelling;
using LambdaStreamRunner.Simulation.Tuning;
using static LambdaStreamRunner.Simulation.Tests.Oracles.OracleRun;

namespace LambdaStreamRunner.Simulation.Tests.Oracles;

/// <summary>Batches with records that fail whenever they are delivered: bisecting is group testing, and its cost is known.</summary>
public class BisectOracles
{
    private static readonly HandlerModel Handler = new() { Fixed = TimeSpan.FromMilliseconds(1), Timeout = TimeSpan.FromMinutes(15) };

    /// <summary>Invocations and deliveries in the mean over random places of the poison records.</summary>
    [Theory]
    [InlineData(100, 1, 14.4, 2.98, 2_000)]
    [InlineData(100, 2, 24.1, 3.65, 2_000)]
    [InlineData(100, 10, 74.2, 5.62, 1_000)]
    [InlineData(1_000, 1, 20.9, 3.00, 400)]
    [InlineData(1_000, 5, 78.5, 4.80, 400)]
    [InlineData(10_000, 1, 27.7, 3.00, 60)]
    [InlineData(10_000, 10, 202, 5.67, 60)]
    public void Bisecting_takes_as_many_invocations_and_deliveries_as_group_testing_says(
        int batch, int poison, double invocations, double deliveriesPerRecord, int placements)
    {
        var simulator = new Simulator(TestTraffic.AtOnce(batch));
        var random = new Random(1);
        SimulationFigures[] runs = [.. Enumerable.Range(0, placements).Select(_ => simulator.Run(Bisecting(batch, Places(random, batch, poison))))];

        AssertNear(invocations, runs.Average(run => run.Invocations), 0.02);
        AssertNear(deliveriesPerRecord, runs.Average(run => (double)run.Deliveries / batch), 0.02);
        Assert.All(runs, run => Assert.Equal((poison, 0), (run.Discarded, run.InnocentCasualties)));
    }

    [Theory]
    [InlineData(128, 0)]
    [InlineData(128, 3)]
    [InlineData(1_024, 2)]
    public void A_single_poison_record_of_a_power_of_two_takes_a_known_number_of_invocations(int batch, int retries)
    {
        SimulationPlan plan = Bisecting(batch, [batch / 3]);

        SimulationFigures figures = Of(TestTraffic.AtOnce(batch), WithRetries(plan, retries));

        Assert.Equal(PoisonTheory.BisectInvocations(batch, retries), figures.Invocations);
    }

    [Fact]
    public void Reporting_the_record_finds_it_with_one_invocation_and_repeats_only_what_follows()
    {
        SimulationPlan plan = Bisecting(100, [40]);
        plan = plan with { Setting = plan.Setting with { Mapping = plan.Setting.Mapping with { FunctionResponseTypes = [FunctionResponseType.ReportBatchItemFailures], BisectBatchOnFunctionError = false } } };

        SimulationFigures figures = Of(TestTraffic.AtOnce(100), plan);

        Assert.Equal((2, 100 + 60, 60), (figures.Invocations, figures.Deliveries, figures.DuplicateDeliveries));
    }

    [Fact]
    public void Without_bisect_the_whole_batch_is_given_up_with_its_innocent_records()
    {
        SimulationPlan plan = Bisecting(100, [40]);
        plan = plan with { Setting = plan.Setting with { Mapping = plan.Setting.Mapping with { BisectBatchOnFunctionError = false } } };

        SimulationFigures figures = Of(TestTraffic.AtOnce(100), plan);

        Assert.Equal((100, 99, 1), (figures.Discarded, figures.InnocentCasualties, figures.Invocations));
    }

    [Fact]
    public void A_lane_is_blocked_from_the_first_failure_to_the_last_settlement()
    {
        SimulationPlan plan = WithRetries(Bisecting(128, [5]), 1);

        SimulationFigures figures = Of(TestTraffic.AtOnce(128), plan);

        // 2 × 7 + 1 + 1 invocations of a millisecond, and one pause.
        Assert.Equal(TimeSpan.FromMilliseconds(16 + 200), figures.Lanes[0].LongestBlock);
    }

    [Theory]
    [InlineData(0.1)]
    [InlineData(0.4)]
    public void A_batch_that_fails_now_and_then_takes_a_geometric_number_of_attempts(double rate)
    {
        SimulationPlan plan = Plan(Handler, new EventSourceMapping { BatchSize = 1 }) with { Failures = new FailureModel { TransientRate = rate } };

        SimulationFigures figures = Of(TestTraffic.Poisson(1, 20_000), plan);

        AssertNear(QueueingTheory.TransientAttempts(rate), (double)figures.Invocations / figures.Records, 0.02);
    }

    private static SimulationPlan Bisecting(int batch, long[] poison) =>
        Plan(Handler, new EventSourceMapping { BatchSize = batch, BisectBatchOnFunctionError = true, MaximumRetryAttempts = 0 })
            with
        { Failures = new FailureModel { PoisonRecords = [.. poison] } };

    private static SimulationPlan WithRetries(SimulationPlan plan, int retries) =>
        plan with { Setting = plan.Setting with { Mapping = plan.Setting.Mapping with { MaximumRetryAttempts = retries } } };

    private static long[] Places(Random random, int batch, int poison)
    {
        var places = new HashSet<long>();
        while (places.Count < poison)
            places.Add(random.Next(batch));
        return [.. places];
    }
}
