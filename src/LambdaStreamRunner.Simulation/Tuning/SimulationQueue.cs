using System.Collections.Concurrent;

namespace LambdaStreamRunner.Simulation.Tuning;

using Figures;

/// <summary>Runs simulations on all threads and tells how far it is. What comes out does not depend on who ran what when.</summary>
internal sealed class SimulationQueue(
    Func<SimulationPlan, CancellationToken, SimulationFigures> simulate, int threads, TimeProvider time, IProgress<TuningProgress>? progress, CancellationToken cancellation)
{
    private readonly Lock _gate = new();
    private readonly long _started = time.GetTimestamp();
    private double _workDone;
    private double _workPlanned;

    /// <summary>True once a run was interrupted.</summary>
    public bool IsInterrupted { get; private set; }

    /// <summary>Work that is still expected, in records to simulate.</summary>
    public void Expect(double records)
    {
        lock (_gate)
            _workPlanned = _workDone + records;
    }

    /// <summary>Runs all plans; null stands for one that was interrupted or never begun.</summary>
    /// <param name="stage">For people.</param>
    /// <param name="plans">In an order that keeps together what divides the traffic in the same way: they begin in this order.</param>
    /// <param name="recordsEach">Records that one of them simulates, about.</param>
    public SimulationFigures?[] Run(string stage, IReadOnlyList<SimulationPlan> plans, double recordsEach)
    {
        var figures = new SimulationFigures?[plans.Count];
        int done = 0;
        try
        {
            Parallel.ForEach(
                Partitioner.Create(Enumerable.Range(0, plans.Count), EnumerablePartitionerOptions.NoBuffering),
                new ParallelOptions { MaxDegreeOfParallelism = Math.Max(1, threads), CancellationToken = cancellation },
                index =>
                {
                    figures[index] = simulate(plans[index], cancellation);
                    lock (_gate)
                        Tell(stage, ++done, plans.Count, recordsEach);
                });
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            IsInterrupted = true;                             // an end that was asked for: what is there is used
        }
        catch (AggregateException several) when (cancellation.IsCancellationRequested && several.InnerExceptions.All(inner => inner is OperationCanceledException))
        {
            IsInterrupted = true;
        }
        return figures;
    }

    private void Tell(string stage, int done, int total, double records)
    {
        _workDone += records;
        double share = Math.Min(1, _workDone / Math.Max(_workDone, _workPlanned));
        progress?.Report(new TuningProgress(stage, done, total, share, time.GetElapsedTime(_started) * ((1 - share) / share)));
    }
}
