using LambdaStreamRunner.Core.Guarantees;
using LambdaStreamRunner.Core.Histories;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Core.Mappings.Ordering;
using LambdaStreamRunner.Core.Streams;
using LambdaStreamRunner.Simulation;

namespace LambdaStreamRunner.Core.Tests.Properties;

/// <summary>Tells the independent checker what happened in a world, as a driver in real time would.</summary>
internal sealed class CheckerReplay(World world)
{
    public ShardChecker Checker { get; } = new(new ShardPromises
    {
        BatchSize = world.Mapping.BatchSize,
        ParallelizationFactor = world.Mapping.ParallelizationFactor,
    });

    public CheckerReplay Play(IEnumerable<HistoryStep> steps)
    {
        foreach (HistoryStep step in steps)
            Play(step);
        return this;
    }

    public void Restart(ShardCheckpoint? from) => Checker.Restarted(from?.Position ?? ShardPosition.TrimHorizon);

    private void Play(HistoryStep step)
    {
        switch (step)
        {
            case HistoryStep.InvocationStarted started:
                Checker.DeliveryStarted(started.RequestId, started.Records.Span);
                break;
            case HistoryStep.InvocationEnded ended:
                Checker.DeliveryEnded(ended.RequestId, ended.Outcome);
                break;
            case HistoryStep.Discarded discarded:
                Checker.Discarded(discarded.Batch.Records.AsSpan());
                break;
            case HistoryStep.DiscardSettled settled:
                Checker.DiscardSettled(settled.Batch.Records.AsSpan());
                break;
            case HistoryStep.Filtered filtered:
                Checker.Filtered(filtered.Records.Span);
                break;
            case HistoryStep.CheckpointSaved saved:
                Checker.CheckpointSaved(saved.Checkpoint.Position);
                break;
            default:
                break;
        }
    }
}
