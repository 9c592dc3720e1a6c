using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using LambdaStreamRunner.Core.Streams;
using LambdaStreamRunner.StreamServer.Actions;
using LambdaStreamRunner.StreamServer.Protocol;
using LambdaStreamRunner.StreamServer.Storage;
using LambdaStreamRunner.StreamServer.Subscriptions;

namespace LambdaStreamRunner.StreamServer;

/// <summary>The streams of this process, by name.</summary>
public sealed class EmbeddedStreams
{
    private readonly ConcurrentDictionary<string, EmbeddedStream> _streams = new(StringComparer.Ordinal);
    private readonly StreamStore? _store;
    private readonly HotTail? _hot;
    private readonly SlabMemory _slabs;

    /// <summary>No streams yet; or those that the store has.</summary>
    /// <param name="options">What they have in common.</param>
    /// <param name="time">The run clock: arrival times, retention.</param>
    /// <param name="realTime">The clock of iterators, page tokens and subscriptions; the system's by default.</param>
    /// <param name="store">Where the streams are kept; null to have them in memory only. It stays the caller's, and must outlive the streams.</param>
    public EmbeddedStreams(EmbeddedStreamsOptions options, TimeProvider time, TimeProvider? realTime = null, StreamStore? store = null)
    {
        (Options, Time, _store) = (options, time, store);
        _slabs = new SlabMemory(store is null ? SlabMemory.SlabBytes : SlabMemory.SlabBytesWithStore);
        Memory = new MemoryBudget(options.BytesMax, Trim) { IsForUnwritten = store is not null };
        RealTime = realTime ?? TimeProvider.System;
        Tokens = new TokenSeal(RealTime, store?.TokenKey());
        Subscriptions = new ActiveSubscriptions(RealTime);
        if (store is null)
            return;
        _hot = new HotTail(Math.Min(store.Options.HotBytesMax, options.BytesMax / 2), Memory);
        Restore(store);
    }

    /// <summary>What the streams have in common.</summary>
    public EmbeddedStreamsOptions Options { get; }

    /// <summary>The run clock.</summary>
    public TimeProvider Time { get; }

    /// <summary>Memory that records take now, in bytes.</summary>
    public long BytesUsed => Memory.Used;

    /// <summary>How many more shards the account's quota has room for.</summary>
    public int RoomForShards => Math.Max(0, CreateStream.ShardQuota - All.Sum(stream => stream.Records.OpenShardCount));

    internal MemoryBudget Memory { get; }

    /// <summary>One seal for all doors to these streams, so that an iterator works at each of them.</summary>
    internal TokenSeal Tokens { get; }

    /// <summary>The clock that does not go faster with a run.</summary>
    internal TimeProvider RealTime { get; }

    /// <summary>Subscriptions at all doors: a consumer has one for each shard.</summary>
    internal ActiveSubscriptions Subscriptions { get; }

    /// <summary>Of the account that the streams belong to; as long as the process lives.</summary>
    internal AccountSettings Account { get; } = new();

    /// <summary>The streams in order of their names.</summary>
    public IReadOnlyList<EmbeddedStream> All => [.. _streams.Values.Where(IsThere).OrderBy(stream => stream.Name, StringComparer.Ordinal)];

    /// <summary>Makes a stream; it is ACTIVE after the options' delay: at once, by default.</summary>
    /// <param name="name">Short name; streams are told apart by it, whatever their ARN.</param>
    /// <param name="shardCount">1 or more.</param>
    /// <param name="settings">AWS's defaults when null.</param>
    /// <param name="arn">The ARN that clients are shown, of any region and account; those of the options when null.</param>
    /// <param name="creatingDelay">How long it is CREATING; the options' delay when null.</param>
    /// <exception cref="KinesisException">The name is taken, or the disk failed.</exception>
    public EmbeddedStream Create(string name, int shardCount, StreamSettings? settings = null, string? arn = null, TimeSpan? creatingDelay = null) =>
        Create([new NewStream(name, shardCount, settings, arn, creatingDelay)])[0];

    /// <summary>Makes streams, and waits for the disk once for all of them.</summary>
    /// <exception cref="KinesisException">A name is taken, or the disk failed.</exception>
    public IReadOnlyList<EmbeddedStream> Create(IEnumerable<NewStream> streams)
    {
        EmbeddedStream[] created = [.. streams.Select(Add)];
        foreach (EmbeddedStream stream in created)
            stream.WaitUntilSaved();
        return created;
    }

    /// <summary>The stream with this short name or ARN.</summary>
    /// <exception cref="KinesisException">There is none.</exception>
    public EmbeddedStream Get(string nameOrArn) =>
        TryGet(nameOrArn, out EmbeddedStream? stream) ? stream : throw KinesisException.StreamNotFound(NameOf(nameOrArn), Options.Account);

    /// <summary>Finds the stream with this short name or ARN.</summary>
    public bool TryGet(string nameOrArn, [NotNullWhen(true)] out EmbeddedStream? stream) =>
        _streams.TryGetValue(NameOf(nameOrArn), out stream) && IsThere(stream);

    /// <summary>The stream with this short name, when it takes records; or null.</summary>
    internal EmbeddedStream? FindForData(ReadOnlySpan<char> name) =>
        _streams.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(name, out EmbeddedStream? stream)
            && IsThere(stream) && stream.Status is not StreamStatus.Creating ? stream : null;

    /// <summary>Removes a stream and its records; who reads or waits gets an error then.</summary>
    /// <param name="nameOrArn">Short name or ARN.</param>
    /// <param name="deletingDelay">How long it is DELETING; the options' delay when null.</param>
    /// <exception cref="KinesisException">There is none.</exception>
    public void Delete(string nameOrArn, TimeSpan? deletingDelay = null)
    {
        EmbeddedStream stream = Get(nameOrArn);
        stream.Begin(StreamStatus.Deleting, deletingDelay ?? Options.DeletingDelay);
        IsThere(stream);
        stream.WaitUntilSaved();
    }

    /// <summary>Lets nothing happen by itself any more. To be called before the store is disposed of: a transition that is under way is kept there.</summary>
    public void Stop()
    {
        foreach (EmbeddedStream stream in _streams.Values)
            stream.StopAlarm();
    }

    /// <summary>Deletes records past retention from the disk, and gives back the space of what was deleted.</summary>
    public async Task TrimStoredAsync()
    {
        foreach (EmbeddedStream stream in _streams.Values)
            await stream.TrimStoredAsync(Time.GetUtcNow());
        _store?.Reclaim();
    }

    /// <summary>Gives back memory of records past retention, on all streams.</summary>
    public void Trim()
    {
        foreach (EmbeddedStream stream in _streams.Values)
            stream.Trim(Time.GetUtcNow());
    }

    /// <summary>The ARN of a stream with this name that has no other.</summary>
    public string ArnOf(string name) => new Caller(Options.Region, Options.Account).ArnOf(name);

    private EmbeddedStream Add(NewStream wanted)
    {
        StreamSettings settings = wanted.Settings ?? new StreamSettings { RetentionPeriodHours = (int)Options.Retention.TotalHours };
        DateTimeOffset now = Time.GetUtcNow();
        var records = new InMemoryStream(wanted.ShardCount, now, TimeSpan.FromHours(settings.RetentionPeriodHours), _slabs);
        TryGet(wanted.Name, out _);                           // one that should be gone by now is
        StoredStream? stored = _store is null ? null : new StoredStream(_store, _store.NewStream(), _hot!, Memory);
        var stream = new EmbeddedStream(
            wanted.Name, records, settings, this, stored, new Transition(StreamStatus.Creating, now + (wanted.CreatingDelay ?? Options.CreatingDelay)), wanted.Arn);
        if (!_streams.TryAdd(wanted.Name, stream))
        {
            stream.StopAlarm();                               // it never was: it must not be saved when its CREATING would end
            throw KinesisException.StreamExists(wanted.Name, Options.Account);
        }
        stream.SaveNew();
        return stream;
    }

    private void Restore(StreamStore store)
    {
        (uint Number, StreamDocument Document)[] kept = [.. store.LoadStreams().Select(found => (found.Stream, StreamDocument.Read(found.Document)))];
        Dictionary<ShardKey, ShardTail> tails = store.TailsOf(
            kept.SelectMany(stream => stream.Document.Shards.Select((_, index) => new ShardKey(stream.Number, index))));
        foreach ((uint number, StreamDocument document) in kept)
        {
            var records = new InMemoryStream(
                document.Created, TimeSpan.FromHours(document.Settings.RetentionPeriodHours),
                document.Shards.Select((shard, index) => shard.ToState(tails.GetValueOrDefault(new ShardKey(number, index)))),
                _slabs)
            {
                ForgottenThrough = document.Settings.ForgottenThrough,
            };
            _streams[document.Name] = new EmbeddedStream(
                document.Name, records, document.Settings, this, new StoredStream(store, number, _hot!, Memory), document.Transition, document.Arn);
        }
    }

    /// <summary>Brings a stream up to date; false when that ended it.</summary>
    internal bool IsThere(EmbeddedStream stream)
    {
        if (!stream.Settle())
            return true;
        _streams.TryRemove(KeyValuePair.Create(stream.Name, stream));
        return false;
    }

    internal static string NameOf(string nameOrArn) =>
        nameOrArn.StartsWith("arn:", StringComparison.Ordinal) ? nameOrArn[(nameOrArn.IndexOf('/', StringComparison.Ordinal) + 1)..] : nameOrArn;
}
