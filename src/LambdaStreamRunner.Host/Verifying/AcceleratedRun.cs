using LambdaStreamRunner.Core.Contracts;
using LambdaStreamRunner.Core.Histories;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Core.Mappings.Batching;
using LambdaStreamRunner.Core.Streams;
using LambdaStreamRunner.Functions.Invoking;
using LambdaStreamRunner.Host.Measuring;
using LambdaStreamRunner.Runner.Invoking;
using LambdaStreamRunner.Simulation;
using LambdaStreamRunner.Simulation.Tuning;

namespace LambdaStreamRunner.Host.Verifying;

/// <summary>The real function under virtual time: each invocation is made at once and alone, and ends after the virtual time that it really took.</summary>
internal sealed class AcceleratedRun : SimulatedWorld
{
    private readonly MeasuredCall _call;
    private readonly TunedSetting _setting;
    private readonly TrafficSlice _slice;
    private readonly int? _concurrencyMax;
    private readonly TimeProvider _time;
    private readonly CancellationToken _cancellation;
    private readonly SimulatedShard[] _shards;
    private readonly KinesisEventWriter[] _writers;
    private readonly Dictionary<SequenceNumber, DateTimeOffset> _arrivals = [];
    private readonly SimulationLoop _loop;
    private byte[] _event = [];
    private int _running;
    private long _settled;

    private AcceleratedRun(
        IMeasuredFunction function, TunedSetting setting, TrafficSlice slice, int? concurrencyMax, TimeProvider time, CancellationToken cancellation)
    {
        (_call, _setting, _slice, _concurrencyMax, _time, _cancellation) = (function.OpenLane(), setting, slice, concurrencyMax, time, cancellation);
        _shards = [.. HashKeyRange.Split(setting.Shards).Select((range, index) => new SimulatedShard(index, range))];
        _writers = [.. _shards.Select(shard => new KinesisEventWriter(
            "arn:aws:kinesis:us-east-1:000000000000:stream/verified", "us-east-1", "arn:aws:iam::000000000000:role/verified", shard.Id))];
        _loop = new SimulationLoop(
            setting.Mapping with { StartingPosition = StartingPosition.TrimHorizon }, _shards, this,
            new SimulationOptions { FixedRecordLength = _writers[0].FixedRecordLength, Start = SliceStart });
    }

    private static DateTimeOffset SliceStart => DateTimeOffset.UnixEpoch.AddSeconds(1_767_225_600);

    /// <summary>Runs a slice until all of it is settled; null when that takes longer than a limit.</summary>
    /// <exception cref="OperationCanceledException">It was interrupted.</exception>
    public static ObservedRun? Run(
        IMeasuredFunction function, TunedSetting setting, TrafficSlice slice, int? concurrencyMax, TimeSpan limit, TimeProvider time, CancellationToken cancellation)
    {
        long started = time.GetTimestamp();
        var run = new AcceleratedRun(function, setting, slice, concurrencyMax, time, cancellation);
        run.Put(0);
        while (run._settled < slice.Count && run._loop.RunNext(DateTimeOffset.MaxValue))
        {
            cancellation.ThrowIfCancellationRequested();
            if (time.GetElapsedTime(started) > limit)
                return null;
        }
        return ObservedRun.Of(run._loop.History.Steps, run._arrivals);
    }

    /// <inheritdoc/>
    public override void Invoke(SimulatedInvocation invocation)
    {
        if (_running >= _concurrencyMax)
        {
            invocation.FinishAfter(TimeSpan.Zero, new BatchOutcome.Throttled("All executions of the function are taken."));
            return;
        }
        _running++;
        Batch batch = invocation.Batch;
        KinesisEventWriter writer = _writers[invocation.Shard.Index];
        int length = writer.Measure(batch.Records.Span);
        if (_event.Length < length)
            _event = new byte[length];
        writer.Write(batch.Records.Span, _event);
        long start = _time.GetTimestamp();
        // Virtual time stands still until the answer is there, so this thread has nothing else to do.
        FunctionResult result = _call(_event.AsMemory(0, length), _cancellation).GetAwaiter().GetResult();
        invocation.FinishAfter(_time.GetElapsedTime(start), BatchInvoker.OutcomeOf(result, batch.Records.Span, _setting.Mapping));
    }

    /// <inheritdoc/>
    public override void InvocationEnded(SimulatedInvocation invocation, BatchOutcome outcome)
    {
        if (outcome is BatchOutcome.Throttled)
            return;
        _running--;
        _settled += outcome switch
        {
            BatchOutcome.Succeeded => invocation.Batch.Records.Length,
            BatchOutcome.PartlyFailed partly => partly.LowestFailedIndex,
            _ => 0,
        };
    }

    /// <inheritdoc/>
    public override TimeSpan DestinationDelay(DiscardedBatch batch)
    {
        _settled += batch.Records.Length;
        return TimeSpan.Zero;
    }

    // One at a time plans the next: the agenda stays short.
    private void Put(int index)
    {
        if (index == _slice.Arrivals.Count)
            return;
        DateTimeOffset arrival = SliceStart + _slice.Arrivals[index].Time;
        _loop.At(arrival, () =>
        {
            SimulatedShard shard = Array.Find(_shards, shard => shard.Range.Contains(_slice.Arrivals[index].KeyHash))!;
            SequenceNumber number = SequenceNumber.Create(SliceStart.ToUnixTimeSeconds(), shard.Index, (ulong)index, arrival.ToUnixTimeSeconds());
            _arrivals.Add(number, arrival);
            _loop.Put(shard, StreamRecord.Create(_slice.Keys[index], _slice.Payloads[index].Span, number, arrival));
            Put(index + 1);
        });
    }
}
