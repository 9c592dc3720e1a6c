using System.Text;
using LambdaStreamRunner.Core.Contracts;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Core.Mappings.Batching;
using LambdaStreamRunner.Core.Mappings.Ordering;
using LambdaStreamRunner.Core.Streams;
using LambdaStreamRunner.Runner.Checkpoints;
using LambdaStreamRunner.Runner.Destinations;
using LambdaStreamRunner.Runner.Invoking;
using LambdaStreamRunner.Runner.Polling;
using LambdaStreamRunner.Runner.Telemetry;
using LambdaStreamRunner.Simulation;
using Microsoft.Extensions.Logging.Abstractions;
using Moq;

namespace LambdaStreamRunner.Runner.Tests.Polling;

/// <summary>A pump between mocked ports, whose time and work move only when a test says so.</summary>
/// <remarks>The ports work by default: a shard of our own, a function that succeeds at once, a store and a destination that take everything.</remarks>
internal sealed class PumpWorld : IDisposable
{
    public const int FixedRecordLength = 402;
    public static readonly DateTimeOffset Start = new SimulationOptions().Start;

    private readonly SteppedContext _context = new();
    private readonly CancellationTokenSource _abandon = new();
    private readonly PriorityQueue<Action, (DateTimeOffset Time, int Order)> _agenda = new();
    private readonly MappingStatistics _statistics;
    private TaskCompletionSource _news = new();
    private int _order;

    public PumpWorld(EventSourceMapping mapping, long seed = 1, ShardCheckpoint? from = null)
    {
        _statistics = new MappingStatistics("clicks", "AccessLog", mapping, Clock);
        Reader.Setup(reader => reader.ReadAsync(It.IsAny<ShardDecision.ReadRecords>(), It.IsAny<CancellationToken>()))
            .Returns((ShardDecision.ReadRecords request, CancellationToken stopping) => ReadAsync(request, stopping));
        Reader.Setup(reader => reader.CountFrom(It.IsAny<ShardPosition>())).Returns((ShardPosition from) => Shard.Read(from, 10_000).Length);
        Reader.Setup(reader => reader.IsAtTip(It.IsAny<ShardPosition>())).Returns((ShardPosition from) => Shard.Read(from, 10_000).Length == 0);
        Invoker.Setup(invoker => invoker.InvokeAsync(It.IsAny<Batch>(), It.IsAny<CancellationToken>()))
            .Returns((Batch batch, CancellationToken abandon) => InvokeAsync(batch, abandon));
        Checkpoints.Setup(store => store.SaveAsync(It.IsAny<CheckpointKey>(), It.IsAny<ShardCheckpoint>(), It.IsAny<CancellationToken>()))
            .Returns((CheckpointKey _, ShardCheckpoint checkpoint, CancellationToken _) => SaveAsync(checkpoint));
        Destination.Setup(destination => destination.DeliverAsync(It.IsAny<DiscardedBatch>(), It.IsAny<CancellationToken>()))
            .Returns((DiscardedBatch batch, CancellationToken _) => DeliverAsync(batch));
        var machine = new ShardMachine(mapping, new ShardContext { ShardId = Shard.Id, FixedRecordLength = FixedRecordLength, From = from ?? new ShardCheckpoint(ShardPosition.TrimHorizon), Seed = seed });
        var ports = new ShardPorts(Clock, Reader.Object, Invoker.Object, Checkpoints.Object, new CheckpointKey("clicks → AccessLog", Shard.Id), Destination.Object);
        Pump = new ShardPump(machine, ports, new ShardObserver(_statistics.Shard(Shard.Id), "clicks → AccessLog", Shard.Id, "nowhere", NullLogger.Instance));
    }

    public SteppedClock Clock { get; } = new(Start);

    public SimulatedShard Shard { get; } = new(0, HashKeyRange.Full);

    public ShardPump Pump { get; }

    public Mock<IShardReader> Reader { get; } = new();

    public Mock<IFunctionInvoker> Invoker { get; } = new();

    public Mock<ICheckpointStore> Checkpoints { get; } = new();

    public Mock<IOnFailureDestination> Destination { get; } = new();

    public FunctionModel Function { get; set; } = (_, _) => new FunctionAnswer(BatchOutcome.Succeeded.Instance, TimeSpan.Zero);

    /// <summary>What was done, each as <see cref="HistoryText"/> writes it.</summary>
    public List<string> Calls { get; } = [];

    public List<string> Discards { get; } = [];

    public List<string> Saved { get; } = [];

    /// <summary>The end of the pump.</summary>
    public Task<CloseReason> Running { get; private set; } = null!;

    /// <summary>Why the pump has ended; null when it still runs or was abandoned.</summary>
    public CloseReason? End => Running.IsCompletedSuccessfully ? Running.Result : null;

    public MappingSummary Summary => _statistics.Summarize();

    public double Seconds => (Clock.GetUtcNow() - Start).TotalSeconds;

    public PumpWorld Begin()
    {
        Do(() => Running = Pump.RunAsync(_abandon.Token));
        return this;
    }

    public void At(DateTimeOffset time, Action what) => _agenda.Enqueue(what, (time, _order++));

    public void Do(Action what) => _context.Do(what);

    /// <summary>Puts a record whose payload is its number.</summary>
    public void Put(string key) => Put(RecordOf(key, Shard.Count, Clock.GetUtcNow()));

    public void Put(StreamRecord record) => Do(() =>
    {
        Shard.Append(record);
        Announce();
    });

    public void CloseShard() => Do(() =>
    {
        Shard.Close();
        Announce();
    });

    public void Stop(StopMode mode) => Do(() => Pump.RequestStop(mode));

    public void Abandon() => Do(_abandon.Cancel);

    public ShardStatus Status()
    {
        Task<ShardStatus> answer = null!;
        Do(() => answer = Pump.GetStatusAsync());
        return answer.IsCompleted ? answer.GetAwaiter().GetResult() : throw new Xunit.Sdk.XunitException("The pump does not answer.");
    }

    public void RunFor(double seconds) => RunUntil(Clock.GetUtcNow().AddSeconds(seconds));

    public void RunUntil(DateTimeOffset end)
    {
        while (NextAt() is { } next && next <= end)
        {
            if (next > Clock.GetUtcNow())
                Do(() => Clock.SetUtcNow(next));
            while (_agenda.TryPeek(out Action? what, out var due) && due.Time <= next)
            {
                _agenda.Dequeue();
                Do(what);
            }
        }
        if (end > Clock.GetUtcNow())
            Do(() => Clock.SetUtcNow(end));
    }

    public static StreamRecord RecordOf(string key, int number, DateTimeOffset arrival) =>
        StreamRecord.Create(key, Encoding.UTF8.GetBytes($"{number}"), SequenceNumber.Create(1_767_225_600, 0, (ulong)number + 1, arrival.ToUnixTimeSeconds()), arrival);

    /// <summary>As the embedded reader does it: waits when there is nothing and the machine wants to.</summary>
    public async ValueTask<ShardReadResult> ReadAsync(ShardDecision.ReadRecords request, CancellationToken stopping)
    {
        while (true)
        {
            stopping.ThrowIfCancellationRequested();
            Shard.Trim(Clock.GetUtcNow() - TimeSpan.FromHours(24));
            var records = Shard.Read(request.From, request.Limit);
            bool isEnd = Shard.IsAtEnd(request.From);
            if (!records.IsEmpty || !request.WaitForRecords || isEnd)
                return new ShardReadResult(records, isEnd);
            await _news.Task.WaitAsync(stopping);
        }
    }

    public Task<BatchOutcome> InvokeAsync(Batch batch, CancellationToken abandon)
    {
        DateTimeOffset now = Clock.GetUtcNow();
        FunctionAnswer answer = Function(batch, now);
        Calls.Add(HistoryText.Call(now, batch.Lane, batch.RequestId, batch.Records.Span, answer.Outcome));
        if (answer.Duration == TimeSpan.Zero)
            return Task.FromResult(answer.Outcome);
        var ended = new TaskCompletionSource<BatchOutcome>();
        abandon.Register(() => ended.TrySetCanceled(abandon));
        At(now + answer.Duration, () => ended.TrySetResult(answer.Outcome));
        return ended.Task;
    }

    public ValueTask SaveAsync(ShardCheckpoint checkpoint)
    {
        Saved.Add(HistoryText.Checkpoint(Clock.GetUtcNow(), checkpoint));
        return ValueTask.CompletedTask;
    }

    public Task DeliverAsync(DiscardedBatch batch)
    {
        Discards.Add(HistoryText.Discard(Clock.GetUtcNow(), batch));
        return Task.CompletedTask;
    }

    public void Dispose()
    {
        Abandon();                                            // a pump that a test left running ends here
        Pump.Dispose();
        _abandon.Dispose();
    }

    private DateTimeOffset? NextAt()
    {
        DateTimeOffset? timer = Clock.NextDue;
        if (_agenda.TryPeek(out _, out var due) && (timer is null || due.Time < timer))
            return due.Time;
        return timer;
    }

    private void Announce()
    {
        TaskCompletionSource news = _news;
        _news = new TaskCompletionSource();
        news.SetResult();
    }
}
