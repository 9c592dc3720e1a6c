using LambdaStreamRunner.Simulation.Tuning;
using static LambdaStreamRunner.Simulation.Tests.Tuning.TunedMapping;

namespace LambdaStreamRunner.Simulation.Tests.Tuning;

/// <summary>Whoever waits for a search is told how far it is, and may end it.</summary>
public class InterruptedTuningTests
{
    [Fact]
    public void What_an_interruption_leaves_is_compared_on_one_part_of_the_traffic_only()
    {
        using var interruption = new CancellationTokenSource();
        var model = new ModelledStream(TrafficWithBusyMinute);
        List<SimulationPlan> plans = [];
        var tuner = new MappingTuner(Request() with { Threads = 1, Grid = new SettingGrid { Windows = [0] } }, (plan, cancellation) =>
        {
            plans.Add(plan);
            if (plan.Until - plan.From != plans[0].Until - plans[0].From)
                interruption.Cancel();                        // in the second rung, whose first run this is
            return model.Run(plan, CancellationToken.None);
        }, TimeProvider.System);

        TuningResult result = tuner.Run(cancellation: interruption.Token);

        Assert.False(result.IsComplete);
        Assert.Equal(plans[^1].Setting, Assert.Single(result.Frontier).Setting);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(300)]
    [InlineData(1_500)]
    public void An_interruption_gives_the_frontier_so_far(int runs)
    {
        using var interruption = new CancellationTokenSource();
        var model = new ModelledStream(TrafficWithBusyMinute);
        int count = 0;
        var tuner = new MappingTuner(Request() with { Threads = 1 }, (plan, cancellation) =>
        {
            if (Interlocked.Increment(ref count) > runs)
                interruption.Cancel();
            return model.Run(plan, cancellation);
        }, TimeProvider.System);

        TuningResult result = tuner.Run(cancellation: interruption.Token);

        Assert.False(result.IsComplete);
        Assert.Equal(runs > 0, !result.Frontier.IsEmpty);
        Assert.Equal(runs > 0, result.Chosen is not null);
    }

    [Fact]
    public void Progress_names_the_stage_and_comes_to_its_end()
    {
        var told = new List<TuningProgress>();
        var progress = new Immediately(told.Add);

        new MappingTuner(Request(), new ModelledStream(TrafficWithBusyMinute).Run, TimeProvider.System).Run(progress, TestContext.Current.CancellationToken);

        Assert.Contains(told, one => one.Stage == "finalists");
        Assert.All(told, one => Assert.InRange(one.Share, 0, 1));
        Assert.All(told, one => Assert.InRange(one.Done, 1, one.Total));
        Assert.All(told, one => Assert.NotNull(one.TimeLeft));
    }

    private sealed class Immediately(Action<TuningProgress> tell) : IProgress<TuningProgress>
    {
        public void Report(TuningProgress value) => tell(value);
    }
}
