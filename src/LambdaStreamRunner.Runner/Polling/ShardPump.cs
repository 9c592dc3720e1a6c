using System.Collections.Concurrent;
using System.Diagnostics;
using System.Threading.Channels;
using LambdaStreamRunner.Core.Contracts;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Core.Mappings.Batching;
using LambdaStreamRunner.Core.Mappings.Ordering;
using LambdaStreamRunner.Core.Mappings.Retrying;
using LambdaStreamRunner.Core.Streams;
using LambdaStreamRunner.Runner.Checkpoints;
using LambdaStreamRunner.Runner.Destinations;
using LambdaStreamRunner.Runner.Invoking;
using LambdaStreamRunner.Runner.Telemetry;

namespace LambdaStreamRunner.Runner.Polling;

/// <summary>Drives one <see cref="ShardMachine"/> in real time: carries out what it decides, and tells it what happened.</summary>
/// <remarks>
/// The machine is touched by one loop only. Every effect runs by itself and ends by writing one event to the inbox, so the
/// inbox never holds more than the machine has under way.
/// </remarks>
public sealed class ShardPump : IDisposable
{
    private readonly ShardMachine _machine;
    private readonly ShardPorts _ports;
    private readonly ShardObserver _observer;
    private readonly Channel<ShardEvent> _inbox = Channel.CreateUnbounded<ShardEvent>(new UnboundedChannelOptions { SingleReader = true });
    private readonly ConcurrentQueue<TaskCompletionSource<ShardStatus>> _questions = new();
    private readonly List<ShardDecision> _decisions = [];
    private readonly CancellationTokenSource _stopReading = new();
    private readonly ITimer _alarm;
    private CancellationToken _abandon;
    private DateTimeOffset? _wakeAt;
    private volatile Progress _progress;
    private volatile bool _hasEnded;
    private volatile string? _problem;

    /// <summary>A pump that has not begun.</summary>
    public ShardPump(ShardMachine machine, ShardPorts ports, ShardObserver observer)
    {
        (_machine, _ports, _observer) = (machine, ports, observer);
        _progress = new Progress(machine.ReadPosition, RecordsRead: 0, machine.IsSettled, WakeAt: null);
        _alarm = ports.Clock.CreateTimer(_ => Tell(ShardEvent.TimerDue.Instance), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The shard.</summary>
    public string ShardId => _machine.Shard.ShardId;

    /// <summary>Why the last read failed, for people; null when it did not.</summary>
    public string? Problem => _problem;

    /// <summary>True when everything that is on the shard now is settled.</summary>
    public bool IsDrained => _progress is { IsSettled: true } progress && _ports.Reader.IsAtTip(progress.ReadPosition);

    /// <summary>Records on the shard that are not read yet.</summary>
    public long UnreadRecords => _ports.Reader.CountFrom(_progress.ReadPosition);

    /// <summary>Records that were read since the pump began, or are on the shard now and not read yet: each is counted once.</summary>
    public long KnownRecords
    {
        get
        {
            Progress progress = _progress;
            return progress.RecordsRead + _ports.Reader.CountFrom(progress.ReadPosition);
        }
    }

    /// <summary>When the next timer is due that settles something; null when nothing waits.</summary>
    public DateTimeOffset? NextWake => _progress is { IsSettled: false } progress ? progress.WakeAt : null;

    /// <summary>Runs until the machine closes.</summary>
    /// <param name="abandon">Fires when what is in flight shall not be waited for any more.</param>
    /// <exception cref="OperationCanceledException">It was abandoned.</exception>
    public async Task<CloseReason> RunAsync(CancellationToken abandon)
    {
        _abandon = abandon;
        Tell(ShardEvent.TimerDue.Instance);
        CloseReason? closed = null;
        try
        {
            while (closed is null)
            {
                await _inbox.Reader.WaitToReadAsync(abandon);
                while (closed is null && _inbox.Reader.TryRead(out ShardEvent? happened))
                    closed = Step(happened);
                Publish();
            }
            return closed.Value;
        }
        finally
        {
            if (closed is null)
                _observer.Abandoned(_ports.Clock.GetUtcNow());
            _hasEnded = true;
            Publish();                                        // a fault came between: what is counted as read is not unread
            _stopReading.Cancel();
        }
    }

    /// <summary>Asks the machine to stop.</summary>
    public void RequestStop(StopMode mode)
    {
        _stopReading.Cancel();
        Tell(new ShardEvent.StopRequested(mode));
    }

    /// <summary>Asks where the machine stands.</summary>
    public Task<ShardStatus> GetStatusAsync()
    {
        var question = new TaskCompletionSource<ShardStatus>(TaskCreationOptions.RunContinuationsAsynchronously);
        _questions.Enqueue(question);
        Tell(ShardEvent.TimerDue.Instance);                   // always harmless, and it brings the loop around
        if (_hasEnded)
            AnswerQuestions();                                // nobody touches the machine any more
        return question.Task;
    }

    /// <inheritdoc/>
    /// <remarks>A pump that has ended may still be asked to stop, by somebody who saw it among those that run: its token source stays usable, and holds nothing to give back.</remarks>
    public void Dispose() => _alarm.Dispose();

    private void Tell(ShardEvent happened) => _inbox.Writer.TryWrite(happened);

    private CloseReason? Step(ShardEvent happened)
    {
        DateTimeOffset now = _ports.Clock.GetUtcNow();
        if (happened is ShardEvent.TimerDue && _wakeAt > now)
            SetAlarm(_wakeAt.Value, now);                     // timers may fire early, and the machine says a time only once
        _observer.Happened(now, happened);
        _decisions.Clear();
        _machine.Step(now, happened, _decisions);
        _observer.Stepped(_machine);
        CloseReason? closed = null;
        foreach (ShardDecision decision in _decisions)
        {
            _observer.Decided(decision);
            if (decision is ShardDecision.CloseShard close)
                closed = close.Reason;
            else
                Start(decision, now);
        }
        return closed;
    }

    private void Start(ShardDecision decision, DateTimeOffset now)
    {
        switch (decision)
        {
            case ShardDecision.ReadRecords read:
                _ = ReadAsync(read);
                break;
            case ShardDecision.InvokeFunction invoke:
                _ = InvokeAsync(invoke.Batch);
                break;
            case ShardDecision.WakeAt wake:
                _wakeAt = wake.Time;
                SetAlarm(wake.Time, now);
                break;
            case ShardDecision.SaveCheckpoint save:
                _ = SaveAsync(save.Checkpoint);
                break;
            case ShardDecision.SendToDestination send:
                _ = DeliverAsync(send.Batch);
                break;
            default:
                throw new UnreachableException();
        }
    }

    private void SetAlarm(DateTimeOffset time, DateTimeOffset now) =>
        _alarm.Change(time > now ? time - now : TimeSpan.Zero, Timeout.InfiniteTimeSpan);

    private async Task ReadAsync(ShardDecision.ReadRecords request)
    {
        try
        {
            ShardReadResult read = await _ports.Reader.ReadAsync(request, _stopReading.Token);
            _problem = null;
            bool isEnd = read.IsEnd && read.Records.IsEmpty && request.Cursor is ReadCursor.Main;
            Tell(isEnd ? ShardEvent.ShardEnded.Instance : new ShardEvent.RecordsRead(request.Cursor, read.Records));
        }
        catch (OperationCanceledException) when (_stopReading.IsCancellationRequested)
        {
            // The mapping stops: the machine does not expect this read any more.
        }
#pragma warning disable CA1031 // Whatever a source throws is a failed read: the machine asks again, and the log says why.
        catch (Exception error)
#pragma warning restore CA1031
        {
            _problem = error.Message;
            Tell(new ShardEvent.ReadFailed(request.Cursor, error.Message));
        }
    }

    private async Task InvokeAsync(Batch batch)
    {
        try
        {
            Tell(new ShardEvent.BatchFinished(batch, await _ports.Invoker.InvokeAsync(batch, _abandon)));
        }
        catch (OperationCanceledException) when (_abandon.IsCancellationRequested)
        {
            // Abandoned: the loop has ended and the records come again after the checkpoint.
        }
#pragma warning disable CA1031 // An invoker that throws could not invoke: that spends no attempt, is logged, and is tried again.
        catch (Exception error)
#pragma warning restore CA1031
        {
            Tell(new ShardEvent.BatchFinished(batch, new BatchOutcome.Throttled($"The function could not be invoked: {error.Message}")));
        }
    }

    private async Task SaveAsync(ShardCheckpoint checkpoint)
    {
        for (int tries = 1; ; tries++)
        {
            try
            {
                await _ports.Checkpoints.SaveAsync(_ports.CheckpointKey, checkpoint, _abandon);
                Tell(ShardEvent.CheckpointSaved.Instance);
                return;
            }
            catch (OperationCanceledException) when (_abandon.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // Whatever a store throws means that nothing is saved: logged, and tried again until it is.
            catch (Exception error)
#pragma warning restore CA1031
            {
                _observer.CheckpointNotSaved(error);
            }
            await Task.Delay(Backoff.After(tries), _ports.Clock, _abandon)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            if (_abandon.IsCancellationRequested)
                return;
        }
    }

    private async Task DeliverAsync(DiscardedBatch batch)
    {
        try
        {
            if (_ports.Destination is { } destination)
                await destination.DeliverAsync(batch, _abandon);
            Tell(new ShardEvent.DiscardDelivered(batch));
        }
        catch (OperationCanceledException) when (_abandon.IsCancellationRequested)
        {
            // Abandoned: the batch comes again after the checkpoint.
        }
#pragma warning disable CA1031 // Whatever a destination throws is a failed delivery: counted, logged, and the shard goes on.
        catch (Exception error)
#pragma warning restore CA1031
        {
            Tell(new ShardEvent.DiscardFailed(batch, error.Message));
        }
    }

    // Late is harmless: records that the machine has meanwhile read still lie after the position told here.
    private void Publish()
    {
        var progress = new Progress(_machine.ReadPosition, _observer.RecordsRead, _machine.IsSettled, _wakeAt);
        if (progress != _progress)
            _progress = progress;
        AnswerQuestions();
    }

    private void AnswerQuestions()
    {
        while (_questions.TryDequeue(out TaskCompletionSource<ShardStatus>? question))
            question.TrySetResult(_machine.GetStatus());
    }

    // One object: who adds the records read to those behind the position must see both of the same moment.
    private sealed record Progress(ShardPosition ReadPosition, long RecordsRead, bool IsSettled, DateTimeOffset? WakeAt);
}

/// <summary>The world of one pump.</summary>
/// <param name="Clock">The run clock.</param>
/// <param name="Reader">Where records come from.</param>
/// <param name="Invoker">What runs batches.</param>
/// <param name="Checkpoints">Where checkpoints are kept.</param>
/// <param name="CheckpointKey">Whose checkpoint it is.</param>
/// <param name="Destination">Where discarded batches go; null: they are counted and gone.</param>
public sealed record ShardPorts(
    TimeProvider Clock,
    IShardReader Reader,
    IFunctionInvoker Invoker,
    ICheckpointStore Checkpoints,
    CheckpointKey CheckpointKey,
    IOnFailureDestination? Destination);
