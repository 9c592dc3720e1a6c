using System.Diagnostics;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Core.Mappings.Ordering;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Simulation;

/// <summary>Drives the machines of a mapping under virtual time: the clock jumps to the next entry, nobody waits.</summary>
public sealed class SimulationLoop
{
    private readonly Agenda _agenda = new();
    private readonly FunctionModel _function;
    private readonly SimulationOptions _options;
    private readonly SimulatedMachine[] _machines;
    private readonly List<ShardDecision> _decisions = [];
    private int _invocations;

    /// <summary>A mapping over shards, begun at the start of virtual time.</summary>
    public SimulationLoop(EventSourceMapping mapping, IReadOnlyList<SimulatedShard> shards, FunctionModel function, SimulationOptions options)
        : this(shards, function, options, shard => new ShardMachine(mapping, shard))
    {
    }

    // Tests plant machines that break promises.
    internal SimulationLoop(
        IReadOnlyList<SimulatedShard> shards, FunctionModel function, SimulationOptions options, Func<ShardContext, ShardMachine> machineOf)
    {
        _function = function;
        _options = options;
        Now = options.Start;
        Checkpoints = new Dictionary<int, ShardCheckpoint>(options.Checkpoints);
        _machines = [.. shards.Select(shard => new SimulatedMachine(shard, machineOf(ContextOf(shard))))];
        foreach (SimulatedMachine machine in _machines)
            Tell(machine, ShardEvent.TimerDue.Instance, Now);
    }

    /// <summary>Virtual time.</summary>
    public DateTimeOffset Now { get; private set; }

    /// <summary>What happened so far.</summary>
    public SimulationHistory History { get; } = new();

    /// <summary>The checkpoints that it began from or saved last, by shard index.</summary>
    public Dictionary<int, ShardCheckpoint> Checkpoints { get; }

    /// <summary>The machine of a shard.</summary>
    public ShardMachine MachineOf(SimulatedShard shard) => Array.Find(_machines, machine => machine.Shard == shard)!.Machine;

    /// <summary>Does something in the simulated world at a time.</summary>
    public void At(DateTimeOffset time, Action what) => _agenda.Add(time, what);

    /// <summary>Puts a record now.</summary>
    public void Put(SimulatedShard shard, in StreamRecord record)
    {
        shard.Append(in record);
        WakeReader(shard);
    }

    /// <summary>Closes a shard now.</summary>
    public void Close(SimulatedShard shard)
    {
        shard.Close();
        WakeReader(shard);
    }

    /// <summary>Asks every machine to stop, now.</summary>
    public void Stop(StopMode mode)
    {
        foreach (SimulatedMachine machine in _machines)
            Tell(machine, new ShardEvent.StopRequested(mode), Now);
    }

    /// <summary>Tells every machine, now, that time has passed; nobody asked for it, and nothing may come of it.</summary>
    public void Nudge()
    {
        foreach (SimulatedMachine machine in _machines)
            Tell(machine, ShardEvent.TimerDue.Instance, Now);
    }

    /// <summary>Runs to the end of the agenda. With PollingMode.Aws it has none: use <see cref="RunUntil"/>.</summary>
    public void RunUntilIdle() => RunUntil(DateTimeOffset.MaxValue);

    /// <summary>Runs everything that is due up to a time.</summary>
    public void RunUntil(DateTimeOffset time)
    {
        while (_agenda.TryTakeNext(time, out DateTimeOffset at, out Action what))
        {
            Now = at > Now ? at : Now;
            what();
        }
        if (time < DateTimeOffset.MaxValue)
            Now = time;
    }

    private ShardContext ContextOf(SimulatedShard shard) => new()
    {
        ShardId = shard.Id,
        HashKeyRange = shard.Range,
        FixedRecordLength = _options.FixedRecordLength,
        FixedWindowLength = _options.FixedWindowLength,
        Retention = _options.Retention,
        Seed = _options.Seed + shard.Index,
        From = _options.Checkpoints.GetValueOrDefault(shard.Index) ?? new ShardCheckpoint(ShardPosition.TrimHorizon),
    };

    private void Tell(SimulatedMachine machine, ShardEvent happened, DateTimeOffset time) => _agenda.Add(time, () => Step(machine, happened));

    private void Step(SimulatedMachine machine, ShardEvent happened)
    {
        if (machine.Machine.IsClosed)
            return;
        _decisions.Clear();
        machine.Machine.Step(Now, happened, _decisions);
        foreach (ReadOnlyMemory<StreamRecord> filtered in machine.Machine.FilteredInStep)
            History.Add(new SimulatedStep.Filtered(Now, machine.Shard.Index, filtered.ToArray()));
        foreach (ShardDecision decision in _decisions)
            Play(machine, decision);
    }

    private void Play(SimulatedMachine machine, ShardDecision decision)
    {
        switch (decision)
        {
            case ShardDecision.ReadRecords read:
                machine.Waiting = Answer(machine, read) ? machine.Waiting : read;
                break;
            case ShardDecision.InvokeFunction invoke:
                Invoke(machine, invoke);
                break;
            case ShardDecision.WakeAt wake:
                Tell(machine, ShardEvent.TimerDue.Instance, wake.Time);
                break;
            case ShardDecision.SaveCheckpoint save:
                _agenda.Add(Now + _options.CheckpointDelay, () => Save(machine, save.Checkpoint));
                break;
            case ShardDecision.SendToDestination send:
                History.Add(new SimulatedStep.Discarded(Now, machine.Shard.Index, send.Batch));
                ShardEvent answer = _options.DestinationWorks
                    ? new ShardEvent.DiscardDelivered(send.Batch)
                    : new ShardEvent.DiscardFailed(send.Batch, "The destination refuses.");
                Tell(machine, answer, Now + _options.DestinationDelay);
                break;
            case ShardDecision.CloseShard close:
                History.Add(new SimulatedStep.Closed(Now, machine.Shard.Index, close.Reason));
                break;
            default:
                throw new UnreachableException();
        }
    }

    private void Invoke(SimulatedMachine machine, ShardDecision.InvokeFunction invoke)
    {
        int number = _invocations++;
        FunctionAnswer answer = _function(invoke.Batch, Now);
        History.Add(new SimulatedStep.InvocationStarted(
            Now, machine.Shard.Index, number, invoke.Batch.Lane, invoke.Batch.RequestId, invoke.Batch.Records.ToArray(), answer.Outcome, answer.Duration)
        {
            Window = invoke.Batch.Window,
        });
        _agenda.Add(Now + answer.Duration, () =>
        {
            History.Add(new SimulatedStep.InvocationEnded(Now, machine.Shard.Index, number, answer.Outcome));
            Step(machine, new ShardEvent.BatchFinished(invoke.Batch, answer.Outcome));
        });
    }

    private void Save(SimulatedMachine machine, ShardCheckpoint checkpoint)
    {
        Checkpoints[machine.Shard.Index] = checkpoint;
        History.Add(new SimulatedStep.CheckpointSaved(Now, machine.Shard.Index, checkpoint));
        Step(machine, ShardEvent.CheckpointSaved.Instance);
    }

    private bool Answer(SimulatedMachine machine, ShardDecision.ReadRecords read)
    {
        machine.Shard.Trim(Now - _options.Retention);
        var records = machine.Shard.Read(read.From, read.Limit);
        if (records.IsEmpty && read.Cursor is ReadCursor.Main && machine.Shard.IsAtEnd(read.From))
            Tell(machine, ShardEvent.ShardEnded.Instance, Now);
        else if (records.IsEmpty && read.WaitForRecords)
            return false;
        else
            Tell(machine, new ShardEvent.RecordsRead(read.Cursor, records), Now);
        return true;
    }

    private void WakeReader(SimulatedShard shard)
    {
        foreach (SimulatedMachine machine in _machines)
        {
            if (machine.Shard == shard && machine.Waiting is { } read && Answer(machine, read))
                machine.Waiting = null;
        }
    }

    private sealed class SimulatedMachine(SimulatedShard shard, ShardMachine machine)
    {
        public SimulatedShard Shard { get; } = shard;

        public ShardMachine Machine { get; } = machine;

        /// <summary>The read that waits for records.</summary>
        public ShardDecision.ReadRecords? Waiting { get; set; }
    }
}
