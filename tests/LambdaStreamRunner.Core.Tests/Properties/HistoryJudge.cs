using LambdaStreamRunner.Core.Contracts;
using LambdaStreamRunner.Core.Histories;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Core.Mappings.Ordering;
using LambdaStreamRunner.Core.Mappings.Retrying;
using LambdaStreamRunner.Core.Mappings.Windows;
using LambdaStreamRunner.Core.Streams;
using LambdaStreamRunner.Simulation;

namespace LambdaStreamRunner.Core.Tests.Properties;

/// <summary>Reads what a mapping did, step by step, and throws at the first promise that it broke.</summary>
/// <remarks>Knows records by their position in the stream, 0 for the first; shares no code with the sequencer.</remarks>
internal sealed class HistoryJudge(World world, StreamRecord[] records)
{
    private readonly bool[] _isSettled = new bool[records.Length];
    private readonly int[] _previousOfKey = PreviousOfKey(world, records);
    private int _checkpoint;
    private int _firstOfRun;
    private int _settledLast;

    /// <summary>Judges one run; the runs of one world come in their order.</summary>
    public void Judge(SimulationHistory history)
    {
        _firstOfRun = _checkpoint;
        var current = new Run();
        foreach (HistoryStep step in history.Steps)
        {
            switch (step)
            {
                case HistoryStep.InvocationStarted started:
                    Start(current, started);
                    break;
                case HistoryStep.InvocationEnded ended:
                    End(current, ended);
                    break;
                case HistoryStep.Filtered filtered:
                    Filter(current, filtered);
                    break;
                case HistoryStep.Discarded discarded:
                    Discard(current, discarded);
                    break;
                case HistoryStep.CheckpointSaved saved:
                    Checkpoint(current, saved);
                    break;
                default:
                    break;
            }
        }
        _settledLast = current.Settled.Count == 0 ? -1 : current.Settled.Max();
    }

    /// <summary>Every record succeeded, was filtered, was discarded, or left retention.</summary>
    public void JudgeCompleteness(DateTimeOffset now)
    {
        for (int index = 0; index < records.Length; index++)
            Require(_isSettled[index] || HasLeftRetention(index, now), $"Record {index} was lost, or is stuck.");
    }

    /// <summary>The last checkpoint stands behind what the last run settled.</summary>
    public void JudgeFinalCheckpoint(ShardCheckpoint? checkpoint)
    {
        if (_settledLast >= 0)
            Require(checkpoint is not null && PositionOf(checkpoint.Position) > _settledLast, "The last checkpoint lags behind.");
    }

    private void Start(Run run, HistoryStep.InvocationStarted started)
    {
        int[] batch = [.. started.Records.ToArray().Select(IndexOf)];
        bool isEnd = started.Window is { IsFinalInvoke: true };
        Require(isEnd ? batch.Length == 0 : batch.Length > 0 && batch.Length <= world.Mapping.BatchSize, $"A batch of {batch.Length} records.");
        Require(world.Mapping.TumblingWindow == TimeSpan.Zero || started.Window is not null, "A batch of a tumbling window is not told its window.");
        run.Windows.Start(started);
        Require(EventLength(started) <= KinesisEventFormat.EventLengthMax, "An event larger than 6 MB.");
        Require(run.Running.Values.All(other => other.Lane != started.Lane), $"Lane {started.Lane} runs twice at once.");
        Require(run.Running.Count < world.Mapping.ParallelizationFactor, "More batches at once than lanes.");
        var here = new HashSet<int>();
        foreach (int index in batch)
        {
            Require(world.Wants(in records[index]), $"Record {index} was delivered, and the filter does not let it pass.");
            Require(index >= _firstOfRun, $"Record {index} lies before the checkpoint of this run.");
            Require(run.Settled.Add(index), $"Record {index} was settled in this run and comes again.");
            run.Settled.Remove(index);
            int previous = _previousOfKey[index];
            bool isInOrder = previous < 0 || _isSettled[previous] || here.Contains(previous) || HasLeftRetention(previous, started.Time);
            Require(isInOrder, $"Record {index} comes before {previous} of the same key.");
            Require(run.HighestOfKey.GetValueOrDefault(records[index].KeyHash, -1) < index, $"Record {index} comes after a later one of the same key.");
            Require(run.RunningKeys.Add(records[index].KeyHash) || here.Contains(previous), $"The key of record {index} runs twice at once.");
            Require(here.Count == 0 || index > here.Max(), $"Record {index} is out of order in its batch.");
            here.Add(index);
        }
        if (!isEnd)                                           // the ends of two windows are both without records
            JudgeRequestId(run, started, batch);
        run.Running.Add(started.RequestId, new Running(started.Lane, batch, started.Window));
    }

    // One id for one list of records, as long as that list is tried.
    private static void JudgeRequestId(Run run, HistoryStep.InvocationStarted started, int[] batch)
    {
        if (run.ListOfId.TryGetValue(started.RequestId, out int[]? list))
            Require(list.SequenceEqual(batch), "A request id was used for other records.");
        else
            Require(!run.LastOfLane.TryGetValue(started.Lane, out int[]? last) || !last.SequenceEqual(batch), "A retry has another request id.");
        run.ListOfId[started.RequestId] = batch;
        run.LastOfLane[started.Lane] = batch;
    }

    private void End(Run run, HistoryStep.InvocationEnded ended)
    {
        Require(run.Running.Remove(ended.RequestId, out Running? running), "An invocation ended twice.");
        run.Windows.End(running!.Window, ended.Outcome);
        foreach (int index in running.Batch)
            run.RunningKeys.Remove(records[index].KeyHash);
        int settled = ended.Outcome switch
        {
            BatchOutcome.Succeeded => running.Batch.Length,
            BatchOutcome.PartlyFailed partly => partly.LowestFailedIndex,
            _ => 0,
        };
        foreach (int index in running.Batch.Take(settled))
            Settle(run, index);
    }

    private void Discard(Run run, HistoryStep.Discarded discarded)
    {
        DiscardedBatch batch = discarded.Batch;
        run.Windows.Discard(batch.Window);
        foreach (StreamRecord record in batch.Records)
        {
            Settle(run, IndexOf(record));
            if (batch.Reason is DiscardReason.RecordAgeExceeded)
                Require(discarded.Time - record.Arrival >= world.Mapping.MaximumRecordAge, "Discarded before its time.");
            run.Undelivered.Add((IndexOf(record), discarded.Time + world.Options.DestinationDelay));
        }
        if (batch.Reason is DiscardReason.RetryAttemptsExhausted)
            Require(batch.ApproximateInvokeCount == world.Mapping.MaximumRetryAttempts + 1, "Discarded with retries left.");
    }

    // Filtered records are settled where they are read, ahead of earlier records of their key.
    private void Filter(Run run, HistoryStep.Filtered filtered)
    {
        foreach (StreamRecord record in filtered.Records.ToArray())
        {
            int index = IndexOf(record);
            Require(!world.Wants(in record), $"Record {index} was filtered, and the filter lets it pass.");
            Require(run.Settled.Add(index), $"Record {index} was settled and filtered in one run.");
            _isSettled[index] = true;
        }
    }

    private void Settle(Run run, int index)
    {
        Require(world.Wants(in records[index]), $"Record {index} was not filtered, and the filter does not let it pass.");
        Require(run.Settled.Add(index), $"Record {index} was settled twice in one run.");
        run.HighestOfKey[records[index].KeyHash] = index;
        _isSettled[index] = true;
    }

    private void Checkpoint(Run run, HistoryStep.CheckpointSaved saved)
    {
        int position = PositionOf(saved.Checkpoint.Position);
        Require(position >= _checkpoint, "The checkpoint went back.");
        for (int index = _checkpoint; index < position; index++)
            Require(_isSettled[index] || HasLeftRetention(index, saved.Time), $"The checkpoint passed record {index}, which is unsettled.");
        foreach ((int index, DateTimeOffset delivered) in run.Undelivered)
            Require(index >= position || delivered <= saved.Time, $"The checkpoint passed record {index} before its destination had it.");
        _checkpoint = position;
    }

    private bool HasLeftRetention(int index, DateTimeOffset now) => now - records[index].Arrival >= world.Load.Retention;

    private long EventLength(HistoryStep.InvocationStarted started)
    {
        long window = started.Window is { } told ? world.Options.FixedWindowLength + told.Window.State.Length : 0;
        long records = started.Records.ToArray().Sum(record => (long)record.EventLength + world.Load.FixedRecordLength);
        return KinesisEventFormat.EnvelopeLength + window + records + Math.Max(0, started.Records.Length - 1);
    }

    private int PositionOf(ShardPosition position)
    {
        if (position.Type is ShardIteratorType.TrimHorizon)
            return 0;
        int index = (int)position.SequenceNumber.Index - 1;
        return position.Type is ShardIteratorType.AfterSequenceNumber ? index + 1 : index;
    }

    private static int IndexOf(StreamRecord record) => (int)record.SequenceNumber.Index - 1;

    // Among those that the filter lets pass.
    private static int[] PreviousOfKey(World world, StreamRecord[] records)
    {
        var last = new Dictionary<UInt128, int>();
        int[] previous = new int[records.Length];
        for (int index = 0; index < records.Length; index++)
        {
            previous[index] = last.GetValueOrDefault(records[index].KeyHash, -1);
            if (world.Wants(in records[index]))
                last[records[index].KeyHash] = index;
        }
        return previous;
    }

    private static void Require(bool isKept, string otherwise)
    {
        if (!isKept)
            throw new BrokenPromiseException(otherwise);
    }

    private sealed record Running(int Lane, int[] Batch, TimeWindow? Window);

    private sealed class Run
    {
        public Dictionary<Guid, Running> Running { get; } = [];

        public WindowJudge Windows { get; } = new();

        public HashSet<UInt128> RunningKeys { get; } = [];

        public HashSet<int> Settled { get; } = [];

        public Dictionary<UInt128, int> HighestOfKey { get; } = [];

        public Dictionary<Guid, int[]> ListOfId { get; } = [];

        public Dictionary<int, int[]> LastOfLane { get; } = [];

        public List<(int Index, DateTimeOffset Delivered)> Undelivered { get; } = [];
    }
}

/// <summary>A promise of the mapping was broken.</summary>
public sealed class BrokenPromiseException(string message) : Exception(message);
