using LambdaStreamRunner.Core.Histories;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Core.Mappings.Batching;

namespace LambdaStreamRunner.Simulation;

/// <summary>An invocation under way in a simulated world.</summary>
public sealed class SimulatedInvocation
{
    private readonly SimulationLoop _loop;
    private readonly ShardDriver _driver;
    private bool _hasEnded;

    internal SimulatedInvocation(SimulationLoop loop, ShardDriver driver, Batch batch, HistoryStep.InvocationStarted started) =>
        (_loop, _driver, Batch, Started) = (loop, driver, batch, started);

    /// <summary>The batch; valid until the invocation ends.</summary>
    public Batch Batch { get; }

    /// <summary>Its shard.</summary>
    public SimulatedShard Shard => _driver.Shard;

    /// <summary>The step that says so; its records may be kept.</summary>
    public HistoryStep.InvocationStarted Started { get; }

    /// <summary>True when its process died, or it has ended: nobody waits for an outcome.</summary>
    public bool IsOver => _hasEnded || _driver.IsDead;

    /// <summary>It will end after a time.</summary>
    public void FinishAfter(TimeSpan duration, BatchOutcome outcome) =>
        _loop.Plan(_loop.Now + duration, Occasion.InvocationEnds, _driver, () => Finish(outcome));

    /// <summary>It ends now.</summary>
    public void Finish(BatchOutcome outcome)
    {
        if (IsOver)
            return;
        _hasEnded = true;
        _loop.History.Add(new HistoryStep.InvocationEnded(_loop.Now, Shard.Id, Started.RequestId, outcome));
        _driver.Step(new ShardEvent.BatchFinished(Batch, outcome));
    }
}
