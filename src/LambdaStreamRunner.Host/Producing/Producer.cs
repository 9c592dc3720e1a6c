using System.Runtime.ExceptionServices;

namespace LambdaStreamRunner.Host.Producing;

/// <summary>Puts records with PutRecords: several requests at once, in order per key, what was refused again.</summary>
/// <remarks>One caller adds; workers, one per connection, take from the window under the same lock. What a record could not overcome ends everything: of every key, the stream then has the first records without a gap.</remarks>
internal sealed class Producer : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly KinesisEndpoint _endpoint;
    private readonly string _stream;
    private readonly KeyOrder _order;
    private readonly TimeProvider _time;
    private readonly long _start;
    private readonly PutWindow _window;
    private readonly Aggregates? _aggregates;
    private readonly ITimer _alarm;
    private readonly CancellationToken _abandon;
    private readonly CancellationTokenRegistration _abandoning;
    private readonly Task[] _workers;
    private TaskCompletionSource _news = NewNews();
    private bool _isAwaited;
    private bool _isCompleted;
    private bool _mayHaveResharded;
    private ExceptionDispatchInfo? _fault;
    private ProducerCounts _counts;

    private Producer(KinesisEndpoint endpoint, string stream, ProducerOptions options, ShardMap? shards, Random jitter, TimeProvider time, CancellationToken abandon)
    {
        (_endpoint, _stream, _order, _time, _start, _abandon) = (endpoint, stream, options.Order, time, time.GetTimestamp(), abandon);
        _window = new PutWindow(new PutRetryPolicy(jitter));
        if (options.AggregateSizeMax is { } sizeMax)
            _aggregates = new Aggregates(sizeMax, options.Order, AddToWindow) { Shards = shards };
        _alarm = time.CreateTimer(_ => Ring(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _abandoning = abandon.Register(() => Fail(new OperationCanceledException(abandon)));
        _workers = [.. Enumerable.Range(0, options.Connections).Select(_ => Task.Run(WorkAsync, CancellationToken.None))];
    }

    /// <summary>What was done so far.</summary>
    public ProducerCounts Counts
    {
        get
        {
            lock (_gate)
                return _counts;
        }
    }

    /// <summary>True when records are aggregated per shard; per key otherwise, if at all.</summary>
    public bool KnowsShards => _aggregates is { Shards: not null };

    /// <summary>A producer at work. To aggregate, it asks the endpoint for the stream's shards.</summary>
    /// <param name="jitter">Decides the pauses between tries.</param>
    /// <param name="abandon">Ends requests that are under way.</param>
    /// <exception cref="ProducerException">The endpoint cannot be reached, or has no such stream.</exception>
    public static async Task<Producer> StartAsync(
        KinesisEndpoint endpoint, string stream, ProducerOptions options, Random jitter, TimeProvider time, CancellationToken abandon)
    {
        ShardMap? shards = options.AggregateSizeMax is null ? null : await endpoint.ShardsAsync(stream, abandon);
        return new Producer(endpoint, stream, options, shards, jitter, time, abandon);
    }

    /// <summary>Takes a record; its data is copied. Waits while there is enough to do.</summary>
    /// <exception cref="ProducerException">The endpoint does not take the records.</exception>
    public async ValueTask AddAsync(string partitionKey, ReadOnlyMemory<byte> data, CancellationToken stopping)
    {
        if (Volatile.Read(ref _mayHaveResharded))
            await LearnShardsAsync();
        while (true)
        {
            Task news;
            lock (_gate)
            {
                _fault?.Throw();
                if (!_window.IsFull)
                {
                    Add(partitionKey, data);
                    return;
                }
                news = Await();
            }
            await news.WaitAsync(stopping);
        }
    }

    /// <summary>Waits until all that was added is put.</summary>
    /// <exception cref="ProducerException">The endpoint does not take the records.</exception>
    public async Task FlushAsync()
    {
        while (true)
        {
            Task news;
            lock (_gate)
            {
                _fault?.Throw();
                _aggregates?.CloseAll();
                if (_window.IsEmpty)
                    return;
                AnnounceToWaiting();
                news = Await();
            }
            await news;
        }
    }

    /// <summary>Waits for requests that are under way, and starts no other.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            _isCompleted = true;
            AnnounceToWaiting();
        }
        await Task.WhenAll(_workers);
        await _alarm.DisposeAsync();
        await _abandoning.DisposeAsync();
    }

    private void Add(string partitionKey, ReadOnlyMemory<byte> data)
    {
        if (_aggregates is null)
        {
            AddToWindow(new PutEntry(partitionKey, data.ToArray(), _order is KeyOrder.Kept ? partitionKey : null));
            return;
        }
        bool isFirst = _aggregates.NextDueAt is null;
        _aggregates.Add(partitionKey, data.Span, Now());
        if (isFirst)
            AnnounceToWaiting();                              // somebody has to set the alarm for it
    }

    private void AddToWindow(PutEntry entry)
    {
        _window.Add(entry);
        AnnounceToWaiting();
    }

    /// <summary>A record went elsewhere than expected. All that was aggregated by the old map is put before the new one is used, so order stays.</summary>
    private async Task LearnShardsAsync()
    {
        await FlushAsync();
        ShardMap? shards = await _endpoint.ShardsAsync(_stream, _abandon);
        lock (_gate)
        {
            bool isNoHelp = shards is null || (_aggregates!.Shards is { } old && shards.IsSameAs(old));
            _aggregates!.Shards = isNoHelp ? null : shards;   // an endpoint that says one thing and does another: per key is always right
            _mayHaveResharded = false;
        }
    }

    private async Task WorkAsync()
    {
        try
        {
            while (await NextBatchAsync() is { } batch)
                Settle(batch, await _endpoint.PutAsync(_stream, batch, _abandon));
        }
#pragma warning disable CA1031 // Whatever ends a worker ends the whole, and is thrown at who adds or flushes.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            Fail(fault);
        }
    }

    private async Task<PutBatch?> NextBatchAsync()
    {
        while (true)
        {
            Task news;
            lock (_gate)
            {
                if (_fault is not null || _isCompleted)
                    return null;
                TimeSpan now = Now();
                _aggregates?.CloseDue(now);
                if (_window.Take(now) is { } batch)
                {
                    _counts = _counts with { Requests = _counts.Requests + 1 };
                    return batch;
                }
                SetAlarm(now);
                news = Await();
            }
            await news;
        }
    }

    private void Settle(PutBatch batch, PutAnswer answer)
    {
        lock (_gate)
        {
            for (int i = 0; i < batch.Groups.Count; i++)
            {
                EntryResult result = answer is PutAnswer.Answered answered ? answered.Results[i] : new EntryResult(((PutAnswer.Failed)answer).Reason, null);
                if (result.IsPut)
                    Acknowledge(batch.Groups[i], result);
                else
                    TryAgain(batch.Groups[i], result.Error!, answer is PutAnswer.Failed { MayBePut: true });
            }
            AnnounceToWaiting();
        }
    }

    private void Acknowledge(OrderGroup group, EntryResult result)
    {
        PutEntry entry = group.First;
        _counts = _counts with { Put = _counts.Put + entry.UserRecordCount, KinesisRecords = _counts.KinesisRecords + 1 };
        _mayHaveResharded |= entry.ExpectedShard is not null && result.ShardId is not null && result.ShardId != entry.ExpectedShard;
        _window.Put(group);
    }

    private void TryAgain(OrderGroup group, string error, bool mayBePut)
    {
        PutEntry entry = group.First;
        if (!_window.TryAgain(group, Now()))
        {
            Fail(new ProducerException($"A record of key '{entry.PartitionKey}' was refused {PutRetryPolicy.TriesMax} times, the last time with {error}"));
            return;
        }
        _counts = _counts with
        {
            Retried = _counts.Retried + entry.UserRecordCount,
            MayBeTwice = _counts.MayBeTwice + (mayBePut ? entry.UserRecordCount : 0),
        };
    }

    /// <summary>The first fault is the one to tell.</summary>
    private void Fail(Exception fault)
    {
        lock (_gate)
        {
            _fault ??= ExceptionDispatchInfo.Capture(fault);
            AnnounceToWaiting();
        }
    }

    private void Ring()
    {
        lock (_gate)
            AnnounceToWaiting();
    }

    private void SetAlarm(TimeSpan now)
    {
        TimeSpan? due = _window.NextRetryAt;
        if (_aggregates?.NextDueAt is { } aggregate && !(due < aggregate))
            due = aggregate;
        if (due is { } at)
            _alarm.Change(at > now ? at - now : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }

    private Task Await()
    {
        _isAwaited = true;
        return _news.Task;
    }

    /// <summary>Wakes everybody who waits; each looks for itself whether this concerns it.</summary>
    private void AnnounceToWaiting()
    {
        if (!_isAwaited)
            return;
        _isAwaited = false;
        TaskCompletionSource news = _news;
        _news = NewNews();
        news.SetResult();
    }

    private TimeSpan Now() => _time.GetElapsedTime(_start);

    private static TaskCompletionSource NewNews() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
