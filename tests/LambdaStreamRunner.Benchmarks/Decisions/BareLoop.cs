using System.Buffers;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Core.Mappings.Batching;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Benchmarks.Decisions;

/// <summary>Drives a machine with nothing around it: every decision is answered at once, in order, and every batch succeeds.</summary>
/// <param name="machine">The machine.</param>
/// <param name="records">The shard.</param>
/// <param name="pace">Who waits for whom.</param>
internal sealed class BareLoop(ShardMachine machine, StreamRecord[] records, Pace pace)
{
    private readonly Queue<ShardEvent> _events = new();
    private readonly Queue<ShardEvent> _reads = new();
    private readonly List<ShardDecision> _decisions = [];
    private readonly ShardEvent.BatchFinished?[] _finished = new ShardEvent.BatchFinished?[machine.Mapping.ParallelizationFactor];
    private DateTimeOffset _now = records[0].Arrival;
    private ShardDecision.ReadRecords? _unanswered;
    private int _count;

    /// <summary>Batches that were handed out.</summary>
    public long Batches { get; private set; }

    /// <summary>Runs until the first records are settled, so many as are given; may be called again with more.</summary>
    public void RunUntil(int count)
    {
        _count = count;
        if (_unanswered is { } read)
            AnswerRead(read);
        else
            Step(ShardEvent.TimerDue.Instance);
        while (_events.TryDequeue(out ShardEvent? happened) || _reads.TryDequeue(out happened))
            Step(happened);
        if (!machine.IsSettled || machine.Counters.RecordsRead != count)
            throw new InvalidOperationException($"The machine stopped at {machine.ReadPosition}, before everything was settled.");
    }

    private void Step(ShardEvent happened)
    {
        _decisions.Clear();
        machine.Step(_now += TimeSpan.FromTicks(1), happened, _decisions);
        foreach (ShardDecision decision in _decisions)
            Answer(decision);
    }

    private void Answer(ShardDecision decision)
    {
        switch (decision)
        {
            case ShardDecision.InvokeFunction invoke:
                Batches++;
                _events.Enqueue(Finished(invoke.Batch));
                break;
            case ShardDecision.ReadRecords read:
                AnswerRead(read);
                break;
            case ShardDecision.SaveCheckpoint:
                _events.Enqueue(ShardEvent.CheckpointSaved.Instance);
                break;
            default:
                break;                                        // a wish to be woken: nothing depends on time here
        }
    }

    // One lease per lane, so one event per lane does for all.
    private ShardEvent.BatchFinished Finished(Batch batch) =>
        _finished[batch.Lane] ??= new ShardEvent.BatchFinished(batch, BatchOutcome.Succeeded.Instance);

    private void AnswerRead(ShardDecision.ReadRecords read)
    {
        int from = read.From.Type switch
        {
            ShardIteratorType.AtSequenceNumber => ZipfRecords.PlaceOf(read.From.SequenceNumber),
            ShardIteratorType.AfterSequenceNumber => ZipfRecords.PlaceOf(read.From.SequenceNumber) + 1,
            _ => 0,
        };
        int count = Math.Min(read.Limit, _count - from);
        if (count == 0 && read.WaitForRecords)
            _unanswered = read;
        else
            (pace is Pace.LanesWaitForRecords ? _reads : _events).Enqueue(new ShardEvent.RecordsRead(read.Cursor, new ReadOnlySequence<StreamRecord>(records, from, count)));
    }
}

/// <summary>Who waits for whom.</summary>
internal enum Pace
{
    /// <summary>The function keeps up: a read is answered when no batch is running.</summary>
    LanesWaitForRecords,

    /// <summary>The shard has a backlog: all lanes run all the time, each as fast as the others, and the hottest is behind.</summary>
    RecordsWaitForLanes,
}
