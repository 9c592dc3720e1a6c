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

    /// <summary>The mean of independent values that are never negative, with its interval of 95 %, which is not either.</summary>
    public static Estimate Of(ReadOnlySpan<double> values)
    {
        Estimate estimate = OfDifferences(values);
        return estimate with { Low = Math.Max(0, estimate.Low) };
    }

    /// <summary>The mean of independent values of either sign with its interval of 95 %.</summary>
    public static Estimate OfDifferences(ReadOnlySpan<double> values)
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
        return new Estimate(mean, mean - half, mean + half);
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

    /// <summary>What another setting changes, seed by seed: both have their runs in the order of the same seeds, and those that only one has are left out.</summary>
    public static StepEffect Effect(TunedSetting from, IReadOnlyList<SimulationFigures> runs, TunedSetting to, IReadOnlyList<SimulationFigures> others, CostModel costs)
    {
        Estimate Paired(Func<SimulationFigures, SimulationFigures, double> change) => OfDifferences([.. runs.Zip(others, change)]);
        return new StepEffect(
            Paired((one, other) => Share(PerRecord(one.Invocations, one), PerRecord(other.Invocations, other))),
            Paired((one, other) => Share(costs.Of(from, one).Total, costs.Of(to, other).Total)),
            Paired((one, other) => other.IteratorAge.P99 - one.IteratorAge.P99));
    }

    private static double Share(double from, double to) => from == 0 ? 0 : (to - from) / from;

    private static double PerRecord(long count, SimulationFigures run) => run.Records == 0 ? 0 : (double)count / run.Records;
}
