using LambdaStreamRunner.Core.Guarantees;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Core.Mappings.Ordering;
using LambdaStreamRunner.Core.Streams;
using LambdaStreamRunner.Simulation;

namespace LambdaStreamRunner.Core.Tests.Properties;

/// <summary>Tells the independent checker what happened in a world, as a driver in real time would.</summary>
internal sealed class CheckerReplay(World world)
{
    private readonly Dictionary<int, Guid> _running = [];
    private readonly Queue<(DateTimeOffset Answer, StreamRecord[] Records)> _undelivered = [];

    public ShardChecker Checker { get; } = new(new ShardPromises
    {
        BatchSize = world.Mapping.BatchSize,
        ParallelizationFactor = world.Mapping.ParallelizationFactor,
    });

    public CheckerReplay Play(IEnumerable<SimulatedStep> steps)
    {
        foreach (SimulatedStep step in steps)
        {
            DeliverDiscards(step.Time);
            Play(step);
        }
        return this;
    }

    public void Restart(ShardCheckpoint? from)
    {
        _running.Clear();
        _undelivered.Clear();
        Checker.Restarted(from?.Position ?? ShardPosition.TrimHorizon);
    }

    private void DeliverDiscards(DateTimeOffset now)
    {
        while (_undelivered.TryPeek(out (DateTimeOffset Answer, StreamRecord[] Records) next) && next.Answer <= now)
            Checker.DiscardSettled(_undelivered.Dequeue().Records);
    }

    private void Play(SimulatedStep step)
    {
        switch (step)
        {
            case SimulatedStep.InvocationStarted started:
                _running.Add(started.Number, started.RequestId);
                Checker.DeliveryStarted(started.RequestId, started.Records);
                break;
            case SimulatedStep.InvocationEnded ended:
                _running.Remove(ended.Number, out Guid requestId);
                Checker.DeliveryEnded(requestId, ended.Outcome);
                break;
            case SimulatedStep.Discarded discarded:
                StreamRecord[] records = [.. discarded.Batch.Records];
                Checker.Discarded(records);
                _undelivered.Enqueue((discarded.Time + world.Options.DestinationDelay, records));
                break;
            case SimulatedStep.Filtered filtered:
                Checker.Filtered(filtered.Records);
                break;
            case SimulatedStep.CheckpointSaved saved:
                Checker.CheckpointSaved(saved.Checkpoint.Position);
                break;
            default:
                break;
        }
    }
}
