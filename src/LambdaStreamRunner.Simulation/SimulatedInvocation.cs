using LambdaStreamRunner.Core.Histories;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Core.Mappings.Batching;

namespace LambdaStreamRunner.Simulation;

/// <summary>An invocation under way in a simulated world.</summary>
public sealed class SimulatedInvocation
{
    private static readonly Action<object, object> FinishWith = static (invocation, outcome) => ((SimulatedInvocation)invocation).Finish((BatchOutcome)outcome);

    private readonly SimulationLoop _loop;
    private readonly ShardDriver _driver;
    private HistoryStep.InvocationStarted? _started;
    private bool _hasEnded;

    internal SimulatedInvocation(SimulationLoop loop, ShardDriver driver, Batch batch) => (_loop, _driver, Batch) = (loop, driver, batch);

    /// <summary>The batch; valid until the invocation ends.</summary>
    public Batch Batch { get; }

    /// <summary>Its shard.</summary>
    public SimulatedShard Shard => _driver.Shard;

    /// <summary>Virtual time.</summary>
    public DateTimeOffset Now => _loop.Now;

    /// <summary>The step that says that it began; its records may be kept. To be asked for first when the invocation begins, while the batch is valid.</summary>
    public HistoryStep.InvocationStarted Started => _started ??= new HistoryStep.InvocationStarted(
        _loop.Now, Shard.Id, Batch.Lane, Batch.RequestId, Batch.Attempt, Batch.Records.ToArray())
    {
        ClosedBy = Batch.ClosedBy,
        Window = Batch.Window,
    };

    /// <summary>True when its process died, or it has ended: nobody waits for an outcome.</summary>
    public bool IsOver => _hasEnded || _driver.IsDead;

    /// <summary>It will end after a time.</summary>
    public void FinishAfter(TimeSpan duration, BatchOutcome outcome) =>
        _loop.Plan(_loop.Now + duration, Occasion.InvocationEnds, _driver, new Happening(FinishWith, this, outcome));

    /// <summary>It ends now.</summary>
    public void Finish(BatchOutcome outcome)
    {
        if (IsOver)
            return;
        _hasEnded = true;
        _loop.Recorder?.Add(new HistoryStep.InvocationEnded(_loop.Now, Shard.Id, Batch.RequestId, outcome));
        _loop.World.InvocationEnded(this, outcome);
        _driver.Step(new ShardEvent.BatchFinished(Batch, outcome));
    }
}
