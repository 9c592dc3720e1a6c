using LambdaStreamRunner.Simulation.Figures;
using LambdaStreamRunner.Simulation.Tuning;

namespace LambdaStreamRunner.Simulation.Tests.Tuning;

public class EstimatesTests
{
    [Fact]
    public void One_run_has_no_interval() => Assert.Equal(new Estimate(3, 3, 3), Estimates.Of([3]));

    /// <summary>By hand: mean 5.5, standard deviation 3.0277, t(9) 2.262.</summary>
    [Fact]
    public void Ten_runs_have_Students_interval()
    {
        Estimate estimate = Estimates.Of([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);

        Assert.Equal(5.5, estimate.Mean, 9);
        Assert.Equal(5.5 - (2.262 * 3.0277 / Math.Sqrt(10)), estimate.Low, 3);
        Assert.Equal(5.5 + (2.262 * 3.0277 / Math.Sqrt(10)), estimate.High, 3);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(10)]
    public void Nineteen_of_twenty_intervals_cover_the_truth(int runs)
    {
        var random = new Random(42);                          // a fixed seed: the count of this test never changes
        int covered = 0;
        const int Trials = 4_000;
        for (int trial = 0; trial < Trials; trial++)
        {
            double[] values = [.. Enumerable.Range(0, runs).Select(_ => 100 + (10 * Normal(random)))];
            Estimate estimate = Estimates.Of(values);
            if (estimate.Low <= 100 && estimate.High >= 100)
                covered++;
        }

        Assert.InRange((double)covered / Trials, 0.94, 0.96);
    }

    [Fact]
    public void A_point_is_unstable_when_one_of_its_runs_was()
    {
        SimulationFigures unstable = Some.Figures with { IsStable = false };
        TunedPoint point = Estimates.Point(Some.Point().Setting, [Some.Figures, unstable], new CostModel(Some.Prices, Architecture.X86, 128, 1_000), null);

        Assert.False(point.Figures.IsStable);
        Assert.Equal(2, point.Runs);
    }

    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
