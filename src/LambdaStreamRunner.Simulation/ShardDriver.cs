using System.Buffers;
using System.Diagnostics;
using LambdaStreamRunner.Core.Histories;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Core.Mappings.Batching;
using LambdaStreamRunner.Core.Mappings.Ordering;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Simulation;

/// <summary>Drives one machine under virtual time: carries out what it decides, and tells it what happened.</summary>
internal sealed class ShardDriver(SimulationLoop loop, SimulatedWorld world, SimulatedShard shard, ShardMachine machine)
{
    private static readonly Action<object, object> StepWith = static (driver, happened) => ((ShardDriver)driver).Step((ShardEvent)happened);
    private static readonly Action<object, object> Wake = static (driver, _) => ((ShardDriver)driver).WakeReader();

    private readonly List<ShardDecision> _decisions = [];
    private ShardDecision.ReadRecords? _waiting;

    public SimulatedShard Shard { get; } = shard;

    public ShardMachine Machine { get; } = machine;

    /// <summary>True when its process died: whatever is still answered reaches nobody.</summary>
    public bool IsDead { get; private set; }

    private string ShardId => Shard.Id;

    public void Die() => IsDead = true;

    /// <summary>Takes an event at the present time.</summary>
    public void Step(ShardEvent happened)
    {
        if (IsDead || Machine.IsClosed)
            return;
        _decisions.Clear();
        Machine.Step(loop.Now, happened, _decisions);
        if (loop.Recorder is { } recorder)
        {
            foreach (ReadOnlyMemory<StreamRecord> filtered in Machine.FilteredInStep)
                recorder.Add(new HistoryStep.Filtered(loop.Now, ShardId, filtered.ToArray()));
        }
        foreach (ShardDecision decision in _decisions)                    // carrying one out never steps this machine: all answers are planned
            Play(decision);
    }

    /// <summary>Records have come, or the shard was closed: a read that waits may have its answer.</summary>
    public void WakeReader()
    {
        if (_waiting is { } read && !IsDead && TryAnswer(read))
            _waiting = null;
    }

    /// <summary>An event will happen at a time.</summary>
    public void Tell(DateTimeOffset time, Occasion occasion, ShardEvent happened) => loop.Plan(time, occasion, this, new Happening(StepWith, this, happened));

    private void Play(ShardDecision decision)
    {
        switch (decision)
        {
            case ShardDecision.ReadRecords read:
                _waiting = TryAnswer(read) ? _waiting : read;
                break;
            case ShardDecision.InvokeFunction invoke:
                Invoke(invoke.Batch);
                break;
            case ShardDecision.WakeAt wake:
                Tell(wake.Time, Occasion.Timer, ShardEvent.TimerDue.Instance);
                break;
            case ShardDecision.SaveCheckpoint save:
                TimeSpan storing = world.CheckpointDelay(Shard, save.Checkpoint);
                loop.Plan(loop.Now + storing, Occasion.CheckpointStored, this, Happening.Of(() => Save(save.Checkpoint)));
                break;
            case ShardDecision.SendToDestination send:
                Send(send);
                break;
            case ShardDecision.CloseShard close:
                loop.Recorder?.Add(new HistoryStep.MachineClosed(loop.Now, ShardId, close.Reason));
                loop.Closed(this, close.Reason);
                break;
            default:
                throw new UnreachableException();
        }
    }

    private void Invoke(Batch batch)
    {
        var invocation = new SimulatedInvocation(loop, this, batch);
        loop.Recorder?.Add(invocation.Started);
        world.Invoke(invocation);
    }

    private void Save(ShardCheckpoint checkpoint)
    {
        if (IsDead)
            return;
        CrashPoint crash = world.CrashAt(Shard, checkpoint);
        if (crash is not CrashPoint.BeforeStoring)
        {
            loop.Checkpoints[Shard.Index] = checkpoint;
            loop.Recorder?.Add(new HistoryStep.CheckpointSaved(loop.Now, ShardId, checkpoint));
        }
        if (crash is not CrashPoint.None)
            loop.Crash();
        else
            Step(ShardEvent.CheckpointSaved.Instance);
    }

    private void Send(ShardDecision.SendToDestination send)
    {
        loop.Recorder?.Add(new HistoryStep.Discarded(loop.Now, ShardId, send.Batch));
        string? refusal = world.RefusalOf(send.Batch);
        loop.Plan(loop.Now + world.DestinationDelay(send.Batch), Occasion.DestinationAnswers, this, Happening.Of(() =>
        {
            if (IsDead)
                return;
            loop.Recorder?.Add(new HistoryStep.DiscardSettled(loop.Now, ShardId, send.Batch, refusal));
            Step(refusal is null ? new ShardEvent.DiscardDelivered(send.Batch) : new ShardEvent.DiscardFailed(send.Batch, refusal));
        }));
    }

    private bool TryAnswer(ShardDecision.ReadRecords read)
    {
        if (world.FailureOf(Shard, read) is { } failure)
        {
            Tell(loop.Now, Occasion.ReadAnswered, new ShardEvent.ReadFailed(read.Cursor, failure));
            return true;
        }
        Shard.Trim(loop.Now - loop.Options.Retention);
        Shard.AdvanceTo(loop.Now);
        ReadOnlySequence<StreamRecord> records = Shard.Read(read.From, read.Limit);
        if (records.IsEmpty && read.Cursor is ReadCursor.Main && Shard.IsAtEnd(read.From))
            Tell(loop.Now, Occasion.ReadAnswered, ShardEvent.ShardEnded.Instance);
        else if (records.IsEmpty && read.WaitForRecords)
            return WaitForArrival();
        else
            Answer(read.Cursor, records);
        return true;
    }

    private void Answer(ReadCursor cursor, ReadOnlySequence<StreamRecord> records)
    {
        world.RecordsRead(Shard, cursor, records);
        Tell(loop.Now, Occasion.ReadAnswered, new ShardEvent.RecordsRead(cursor, records));
    }

    // Records that come by themselves are announced by their shard; others by whoever puts them.
    private bool WaitForArrival()
    {
        if (Shard.NextArrival is { } next)
            loop.At(next, new Happening(Wake, this, this));
        return false;
    }
}
