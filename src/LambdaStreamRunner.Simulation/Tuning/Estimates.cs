using System.Collections.Immutable;
using LambdaStreamRunner.Simulation.Figures;

namespace LambdaStreamRunner.Simulation.Tuning;

/// <summary>Makes estimates of the figures of several runs.</summary>
internal static class Estimates
{
    /// <summary>Student's t at 97.5 % by degrees of freedom, from 1: two-sided intervals of 95 %. Beyond them it is taken as that of the normal distribution.</summary>
    private static readonly double[] StudentT =
    [
        12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131,
        2.120, 2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042,
    ];

    private const double Normal = 1.960;

    /// <summary>The mean of independent values with its interval of 95 %. What is never negative has no negative bound.</summary>
    public static Estimate Of(ReadOnlySpan<double> values)
    {
        double sum = 0;
        foreach (double value in values)
            sum += value;
        double mean = sum / values.Length;
        if (values.Length < 2)
            return new Estimate(mean, mean, mean);
        double squares = 0;
        foreach (double value in values)
            squares += (value - mean) * (value - mean);
        int freedom = values.Length - 1;
        double half = (freedom <= StudentT.Length ? StudentT[freedom - 1] : Normal) * Math.Sqrt(squares / freedom / values.Length);
        return new Estimate(mean, Math.Max(0, mean - half), mean + half);
    }

    /// <summary>A setting with the estimates of its runs, one for each seed in the order of the seeds.</summary>
    public static TunedPoint Point(TunedSetting setting, IReadOnlyList<SimulationFigures> runs, CostModel costs, ServiceLevelObjective? objective)
    {
        CostPerMillion[] cost = [.. runs.Select(run => costs.Of(setting, run))];
        Estimate Figure(Func<SimulationFigures, double> of) => Of([.. runs.Select(of)]);
        return new TunedPoint(
            setting,
            new CostPerMillion(cost.Average(one => one.Requests), cost.Average(one => one.Compute), cost.Average(one => one.Stream), cost.Average(one => one.FanOut)),
            Figure(run => run.IteratorAge.P99), Figure(run => run.Latency.P50), Figure(run => run.Latency.P99),
            Figure(run => PerRecord(run.DuplicateDeliveries, run) * 1_000), Figure(run => run.Concurrency.Peak), Figure(run => PerRecord(run.Invocations, run) * 1_000_000),
            runs.FirstOrDefault(run => !run.IsStable) ?? runs[0], runs.Count)
        {
            Objectives = (objective?.Limits ?? []).ToImmutableDictionary(
                limit => limit.Figure.Name,
                limit => Of([.. runs.Select((run, index) => limit.Figure.ValueOf(run, cost[index]))])),
            LostPerThousand = Figure(run => PerRecord(run.Discarded + run.Expired, run) * 1_000),
        };
    }

    private static double PerRecord(long count, SimulationFigures run) => run.Records == 0 ? 0 : (double)count / run.Records;
}
