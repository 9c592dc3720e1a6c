using LambdaStreamRunner.Core.Histories;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Core.Streams;
using LambdaStreamRunner.Simulation.Figures;
using LambdaStreamRunner.Simulation.Tuning;

namespace LambdaStreamRunner.Host.Verifying;

/// <summary>What a run with the real function showed.</summary>
/// <param name="Latencies">Milliseconds from arrival to settlement of each record that succeeded, ascending.</param>
/// <param name="IteratorAges">Milliseconds of age of each invocation's last record at its start, ascending.</param>
/// <param name="Invocations">Invocations that ran.</param>
/// <param name="MeanBatch">Records of a batch as it was gathered, in the mean.</param>
/// <param name="Records">Records that were put.</param>
internal sealed record ObservedRun(double[] Latencies, double[] IteratorAges, long Invocations, double MeanBatch, long Records)
{
    /// <summary>Reads it from a history.</summary>
    /// <param name="steps">The history.</param>
    /// <param name="arrivals">Arrival of each record, finer than the milliseconds that records carry.</param>
    public static ObservedRun Of(IEnumerable<HistoryStep> steps, IReadOnlyDictionary<SequenceNumber, DateTimeOffset> arrivals)
    {
        List<double> latencies = [];
        List<double> ages = [];
        (long gathered, long records, long ran) = (0, 0, 0);
        foreach (Invocation invocation in Invocation.Of(steps))
        {
            if (invocation.Started.ClosedBy is not null)
                (gathered, records) = (gathered + 1, records + invocation.Records.Length);
            if (invocation is not { End: { } end, Outcome: not BatchOutcome.Throttled and var outcome })
                continue;
            ran++;
            if (!invocation.Records.IsEmpty)
                ages.Add((invocation.Time - arrivals[invocation.Records[^1].SequenceNumber]).TotalMilliseconds);
            int settled = outcome switch
            {
                BatchOutcome.Succeeded => invocation.Records.Length,
                BatchOutcome.PartlyFailed partly => partly.LowestFailedIndex,
                _ => 0,
            };
            foreach (ref readonly StreamRecord record in invocation.Records[..settled])
                latencies.Add((end - arrivals[record.SequenceNumber]).TotalMilliseconds);
        }
        return new ObservedRun([.. latencies.Order()], [.. ages.Order()], ran, gathered == 0 ? 0 : (double)records / gathered, arrivals.Count);
    }

    /// <summary>Beside what was predicted for the same records.</summary>
    /// <remarks>The highest percentile of the iterator age that so few invocations support: the 99th of less than a hundred would be the oldest one, by chance the traffic's last.</remarks>
    public VerifiedRun Beside(IReadOnlyList<SimulationFigures> predicted, TunedSetting setting, VerificationClock clock) => IteratorAges.Length switch
    {
        >= 100 => Beside(predicted, setting, clock, "iterator age p99", 0.99, age => age.P99),
        >= 20 => Beside(predicted, setting, clock, "iterator age p90", 0.9, age => age.P90),
        _ => Beside(predicted, setting, clock, "iterator age p50", 0.5, age => age.P50),
    };

    private VerifiedRun Beside(
        IReadOnlyList<SimulationFigures> predicted, TunedSetting setting, VerificationClock clock, string ageName, double ageShare, Func<Distribution, double> ageOf) => new(
        setting, clock,
        [
            new VerifiedFigure("latency p50", "ms", predicted.Average(figures => figures.Latency.P50), At(Latencies, 0.5)),
            new VerifiedFigure("latency p99", "ms", predicted.Average(figures => figures.Latency.P99), At(Latencies, 0.99)),
            new VerifiedFigure(ageName, "ms", predicted.Average(figures => ageOf(figures.IteratorAge)), At(IteratorAges, ageShare)),
            new VerifiedFigure("invocations", "", predicted.Average(figures => figures.Invocations), Invocations),
            new VerifiedFigure("mean batch", "records", predicted.Average(figures => figures.Batches.Mean), MeanBatch),
        ],
        predicted.Average(figures => KolmogorovSmirnov(figures.Latency)))
        {
            Invocations = Invocations,
            Unsettled = Records - Latencies.Length,
        };

    // A prediction keeps percentiles, not every latency: the largest distance at those.
    private double KolmogorovSmirnov(Distribution predicted)
    {
        if (Latencies.Length == 0)
            return 1;
        (double Share, double Value)[] points =
            [(0.1, predicted.P10), (0.5, predicted.P50), (0.9, predicted.P90), (0.95, predicted.P95), (0.99, predicted.P99), (1, predicted.Max)];
        return points.Max(point => Math.Abs(ShareUpTo(point.Value) - point.Share));
    }

    private double ShareUpTo(double value)
    {
        int place = Array.BinarySearch(Latencies, value);
        return (double)(place < 0 ? ~place : place) / Latencies.Length;
    }

    private static double At(double[] ascending, double share) =>
        ascending.Length == 0 ? 0 : ascending[Math.Clamp((int)Math.Ceiling(share * ascending.Length) - 1, 0, ascending.Length - 1)];
}
