using LambdaStreamRunner.Simulation.Modelling;
using LambdaStreamRunner.Simulation.Traffic;
using LambdaStreamRunner.Simulation.Tuning;
using static LambdaStreamRunner.Simulation.Tests.Tuning.TunedMapping;

namespace LambdaStreamRunner.Simulation.Tests.Tuning;

/// <summary>Settings are tried on more and more of the traffic, and half of them are left each time.</summary>
public class HalvingTests
{
    [Fact]
    public void Rungs_take_the_busiest_parts_and_the_same_seed()
    {
        List<SimulationPlan> plans = [];
        var model = new ModelledStream(TrafficWithBusyMinute);
        new MappingTuner(Request() with { Threads = 1 }, (plan, cancellation) =>
        {
            plans.Add(plan);
            return model.Run(plan, cancellation);
        }, TimeProvider.System).Run(cancellation: TestContext.Current.CancellationToken);

        SimulationPlan[] slices = [.. plans.Where(plan => plan.Until is not null && plan.Setting.Mapping.MaximumBatchingWindow == TimeSpan.Zero && plan.Failures.PoisonRecords.IsEmpty)];
        Assert.NotEmpty(slices);
        Assert.All(slices, plan => Assert.Equal(1, plan.Seed));
        Assert.All(slices, plan => Assert.True((plan.From + plan.WarmUp).TotalMinutes < 5 && plan.Until!.Value.TotalMinutes > 4, "it overlaps the busy minute"));
        Assert.True(plans.Count(plan => plan.Until is null) < 500, "the whole traffic is for the few that are left");
    }

    [Fact]
    public void Small_traffic_is_simulated_as_a_whole()
    {
        TuningResult result = Tune(Request() with { Traffic = ListedTraffic.Even(10, TimeSpan.FromMinutes(1)) });

        Assert.NotNull(result.Chosen);
        Assert.Equal(0, Halving.Rungs(result.Explored.Length, result.Inputs.Records));
    }

    /// <summary>Random handlers, rates and objectives: at least 19 of 20 times what an exhaustive search with all seeds finds is what halving finds.</summary>
    [Fact]
    public void Halving_finds_what_an_exhaustive_search_finds()
    {
        const int Problems = 100;
        var random = new Random(1);                           // always the same problems: a rate over others would differ by chance
        TuningRequest[] requests = [.. Enumerable.Range(0, Problems).Select(_ => Problem(random))];

        int agreed = requests.AsParallel().WithDegreeOfParallelism(2).Count(request => Agree(Exhaustive(request), Tune(request).Chosen));

        Assert.True(agreed >= 0.95 * Problems, $"{agreed} of {Problems}");
    }

    private static bool Agree(TunedPoint? exhaustive, TunedPoint? halved) => exhaustive is null || halved is null
        ? exhaustive is null && halved is null
        : exhaustive.Setting == halved.Setting || Math.Abs((halved.Cost.Total / exhaustive.Cost.Total) - 1) <= 0.01;

    private static TuningRequest Problem(Random random)
    {
        double Between(double min, double max) => min + ((max - min) * random.NextDouble());
        (double fixedPart, double perRecord, double rate, double age, double peak) = (Between(1, 50), Between(0.1, 3), Between(20, 300), Between(300, 60_000), Between(0, 0.9));
        var length = TimeSpan.FromSeconds(12_000 / rate);
        return Request() with
        {
            Traffic = ListedTraffic.Even(rate, length, busy: (length * peak, length * (peak + 0.1))),
            Handler = new HandlerModel { Fixed = TimeSpan.FromMilliseconds(fixedPart), PerRecord = TimeSpan.FromMilliseconds(perRecord) },
            Objective = new ServiceLevelObjective([new ObjectiveLimit(ObjectiveFigure.All.Single(figure => figure.Name == "iteratorAge.p99"), ObjectiveComparison.Below, age)]),
            Grid = new SettingGrid { BatchSizes = [1, 10, 100, 1_000], Windows = [0, 1, 5, 30], ParallelizationFactors = [1, 2, 4, 10] },
        };
    }

    private static TunedPoint? Exhaustive(TuningRequest request)
    {
        var model = new ModelledStream(request.Traffic);
        var survey = TrafficSurvey.Of(request.Traffic, TestContext.Current.CancellationToken);
        var costs = new CostModel(request.Prices, request.Architecture, request.Handler.MemorySize, survey.RatePerSecond * 3_600);
        return request.Grid.Settings().Where(setting => new SettingPruning(request, survey).ReasonAgainst(setting) is null)
            .Select(setting => Estimates.Point(setting, [.. request.Seeds().Select(seed => model.Run(request.PlanOf(setting, seed, TrafficSlice.Whole), TestContext.Current.CancellationToken))], costs, request.Objective))
            .Where(request.Objective!.IsMetBy).OrderBy(point => point.Cost.Total).ThenBy(point => point.IteratorAgeP99.Mean).FirstOrDefault();
    }
}
