using System.Collections.Immutable;
using System.Text;
using LambdaStreamRunner.Core.Streams;
using LambdaStreamRunner.StreamServer.Faults;
using LambdaStreamRunner.StreamServer.Protocol;
using LambdaStreamRunner.StreamServer.Storage;

namespace LambdaStreamRunner.StreamServer;

/// <summary>A stream that lives in this process: any number of producers and readers at the same time.</summary>
public sealed class EmbeddedStream
{
    /// <summary>Longest partition key, in characters (UTF-16 code units, as AWS's validation counts).</summary>
    public const int PartitionKeyCharactersMax = 256;

    private readonly EmbeddedStreams _streams;
    private readonly StoredStream? _stored;                   // null when the stream is in memory only
    private readonly Lock _control = new();                   // held while the stream itself, not its records, is changed
    private readonly ShardGates _gates;
    private readonly StreamLife _life;
    private volatile StreamSettings _settings;
    private volatile RehearsedFaults? _faults;
    private OnDemandScaling? _scaling;                        // what the last minute began with; only in ON_DEMAND mode

    internal EmbeddedStream(
        string name, InMemoryStream records, StreamSettings settings, EmbeddedStreams streams, StoredStream? stored = null, Transition? transition = null, string? arn = null)
    {
        (Name, Records, _settings, _streams, _stored) = (name, records, settings, streams, stored);
        Arn = arn ?? streams.ArnOf(name);
        Account = Arn.Split(':')[4];
        _gates = new ShardGates(records, stored, streams.Memory, _control);
        _life = new StreamLife(_control, streams.Time, isThere: () => streams.IsThere(this));
        ClientLimits = new ClientLimits(this, _gates);
        if (transition is not null)
            _life.Enter(transition);
    }

    /// <summary>Short name.</summary>
    public string Name { get; }

    /// <summary>For example <c>arn:aws:kinesis:us-east-1:000000000000:stream/clicks</c>.</summary>
    public string Arn { get; }

    /// <summary>The 12 digits in the ARN.</summary>
    public string Account { get; }

    /// <summary>Where the stream is in its life.</summary>
    public StreamStatus Status => _life.Status;

    /// <summary>The shards and their records. Read freely; write only through this class.</summary>
    public InMemoryStream Records { get; }

    /// <summary>What the control plane can change.</summary>
    public StreamSettings Settings => _settings;

    /// <summary>What goes wrong for clients on request; null when nothing does.</summary>
    public RehearsedFaults? Faults => _faults;

    /// <summary>Throttles clients.</summary>
    internal ClientLimits ClientLimits { get; }

    /// <summary>The clock of its arrival times.</summary>
    internal TimeProvider Time => _streams.Time;

    /// <summary>EncryptionType of what is put now; null when nothing is encrypted, which AWS does not say of records.</summary>
    internal string? EncryptionType => _settings.KeyId is null ? null : "KMS";

    /// <summary>Largest record, key and data, in bytes.</summary>
    internal int RecordBytesMax => _settings.MaxRecordSizeInKiB * 1024;

    /// <summary>The shards that Kinesis lists: all but those whose records are all past retention.</summary>
    /// <remarks>Never one moment in the middle of a reshard: a closed shard comes with its children.</remarks>
    public ImmutableArray<Shard> ListShards()
    {
        DateTimeOffset now = _streams.Time.GetUtcNow();
        lock (_control)
            return Records.Shards.RemoveAll(shard => shard.IsExpired(now));
    }

    /// <summary>Changes the shards, as SplitShard, MergeShards and UpdateShardCount do, when the options' delay has passed: at once by default.</summary>
    /// <exception cref="KinesisException">The stream is not ACTIVE.</exception>
    public void BeginReshard(Reshard reshard) => BeginUpdate(() => reshard);

    /// <summary>Throttles clients from now on, or no more.</summary>
    public void Limit(StreamLimits limits) => Change(settings => settings with { Limits = limits });

    /// <summary>Lets calls of clients go wrong from now on, or no more. It lasts as long as the process, and is not kept.</summary>
    /// <param name="faults">How; null, or one that says nothing, ends it.</param>
    /// <exception cref="ArgumentException">A rate or a latency is out of its range.</exception>
    public void Rehearse(StreamFaults? faults)
    {
        foreach ((string name, string text) in faults?.Mistakes() ?? [])
            throw new ArgumentException($"{name} {text}", nameof(faults));
        _faults = faults is null or { IsNone: true } ? null : new RehearsedFaults(faults, _streams.RealTime);
    }

    /// <summary>Splits the shards of an ACTIVE stream that the load of the last minute asks for, if it is in ON_DEMAND mode. To be called once a minute, in any mode: a stream that comes back to ON_DEMAND begins anew.</summary>
    /// <param name="roomForShards">How many more shards there may be.</param>
    /// <returns>How many are split: at once, or when the options' delay has passed.</returns>
    /// <exception cref="KinesisException">The disk failed.</exception>
    public int ScaleOnDemand(int roomForShards)
    {
        ImmutableArray<int> hot;
        lock (_control)
        {
            _scaling = _settings.Mode is StreamMode.OnDemand ? _scaling ?? new OnDemandScaling() : null;
            hot = _scaling?.ShardsToSplit(Records, roomForShards, _streams.Time.GetUtcNow()) ?? [];
            if (hot.IsEmpty || Status is not StreamStatus.Active)
                return 0;                                     // who is UPDATING is as busy a minute later
            Enter(StreamStatus.Updating, _streams.Options.UpdatingDelay, new Reshard.SplitEach(hot));
        }
        Settle();
        WaitUntilSaved();
        return hot.Length;
    }

    /// <summary>The shards that took the place of a closed one.</summary>
    internal IReadOnlyList<Shard> ChildrenOf(Shard parent)
    {
        lock (_control)
            return [.. Records.ChildrenOf(parent)];
    }

    /// <summary>Puts one record.</summary>
    /// <param name="partitionKey">1 to 256 characters.</param>
    /// <param name="data">With the key's UTF-8 at most the stream's MaxRecordSizeInKiB; may be empty.</param>
    /// <param name="explicitHashKey">Chooses the shard instead of the key's MD5; the key's own hash stays what orders it.</param>
    /// <exception cref="KinesisException">The record breaks a limit, the stream is gone, or memory is used up.</exception>
    public PutResult Put(string partitionKey, ReadOnlyMemory<byte> data, UInt128? explicitHashKey = null)
    {
        if (partitionKey.Length is 0 or > PartitionKeyCharactersMax)
            throw KinesisException.InvalidArgument($"A partition key has 1 to {PartitionKeyCharactersMax} characters; this one has {partitionKey.Length}.");

        PutEntry entry = PutEntry.FromBytes(Encoding.UTF8.GetBytes(partitionKey), data, explicitHashKey);
        CheckRecordBytes(entry.RawLength);
        Put(new Span<PutEntry>(ref entry), isLimited: false).GetAwaiter().GetResult();
        return entry.Failure is { } failure ? throw failure : new PutResult(entry.Shard!, entry.SequenceNumber);
    }

    /// <summary>Waits until a read from this position would return a record, or the shard has ended.</summary>
    /// <remarks>Give LATEST only after <see cref="Shard.Resolve"/>: it would move with every record.</remarks>
    public async ValueTask WaitForRecordsAsync(ShardReader reader, ShardPosition from, CancellationToken cancellation)
    {
        EmbeddedShard shard = _gates.Of(reader.Shard);
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            Task news = shard.NewsAsync();                    // before looking: what happens after it completes the task
            ThrowIfGone();
            if (reader.HasNews(from, _streams.Time.GetUtcNow()))
                return;
            await news.WaitAsync(cancellation);
        }
    }

    /// <summary>Reads what is there now.</summary>
    /// <exception cref="KinesisException">The stream is gone, or the disk does not give back what it has.</exception>
    public ShardRead Read(ShardReader reader, ShardPosition from, int limit)
    {
        ThrowIfGone();
        DateTimeOffset now = _streams.Time.GetUtcNow();
        if (_gates.Of(reader.Shard).Stored is not { } stored)
            return reader.Read(from, limit, now);
        try
        {
            return stored.Read(reader, from, limit, now);
        }
        catch (StorageException failed)
        {
            throw KinesisException.NotStored(failed.Message);
        }
    }

    /// <summary>How many records a reader at this position has before it.</summary>
    public long CountFrom(ShardReader reader, ShardPosition from)
    {
        DateTimeOffset now = _streams.Time.GetUtcNow();
        return _gates.Of(reader.Shard).Stored is { } stored ? stored.CountFrom(reader, from, now) : reader.CountFrom(from, now);
    }

    /// <summary>Reads, and waits first when there is nothing.</summary>
    public async ValueTask<ShardRead> ReadAsync(ShardReader reader, ShardPosition from, int limit, CancellationToken cancellation)
    {
        ShardRead read = Read(reader, from, limit);
        while (read.Records.IsEmpty && !read.EndOfShard)
        {
            await WaitForRecordsAsync(reader, read.Next, cancellation);
            read = Read(reader, read.Next, limit);
        }
        return read;
    }

    /// <summary>Puts the records of a request; each says afterwards where it went, or why it did not. Readers are woken when all are there.</summary>
    /// <returns>Ends when the records are safe, at once when the stream is in memory only; then they may be acknowledged.</returns>
    /// <exception cref="KinesisException">The stream is gone, or memory is used up; what is not put then may be put again. In the task: the disk failed.</exception>
    internal Task Put(Span<PutEntry> entries, bool isLimited = true)
    {
        PutCommit? commit = _stored is null ? null : new PutCommit();
        long memory = TakeMemory(entries);
        try
        {
            new ShardWrites(this, entries, commit, isLimited, _streams.Time.GetUtcNow()).Execute(ref memory);
        }
        finally
        {
            _streams.Memory.GiveBack(memory);                 // of records that were not put
            _stored?.WriteWaiting();
        }
        if (commit is null)
            return Task.CompletedTask;
        commit.Done(null);                                    // no further block will come
        return StoredAsync(commit.Task);
    }

    /// <summary>The shard that a record would go to now.</summary>
    internal Shard ShardOf(in PutEntry entry) => Records.ShardFor(entry.ExplicitHashKey ?? HashKeyRange.HashOf(entry.Key.Span));

    internal void CheckRecordBytes(int bytes)
    {
        if (bytes > RecordBytesMax)
            throw KinesisException.InvalidArgument($"Record size (data + partition key) of {bytes} bytes exceeds the maximum of {RecordBytesMax} bytes.");
    }

    /// <summary>The gate of the shard that takes this hash key now.</summary>
    internal EmbeddedShard GateFor(UInt128 hashKey) => _gates.For(hashKey);

    /// <summary>Under a shard's gate: the last moment to see that the stream is gone, and the moment to forget what is too old.</summary>
    internal void PrepareWrite(EmbeddedShard shard, DateTimeOffset now)
    {
        ThrowIfGone();
        if (shard.Stored is null)
            _streams.Memory.GiveBack(shard.Shard.Trim(now));
    }

    /// <summary>Changes the settings; changes come one after the other.</summary>
    /// <param name="change">Makes the new settings from those of the moment; may throw to refuse.</param>
    internal StreamSettings Change(Func<StreamSettings, StreamSettings> change)
    {
        StreamSettings changed;
        lock (_control)
        {
            changed = change(_settings);
            Records.ForgottenThrough = changed.ForgottenThrough;
            Records.Retention = TimeSpan.FromHours(changed.RetentionPeriodHours);
            _settings = changed;
            Save(_life.Transition);
        }
        WaitUntilSaved();
        return changed;
    }

    /// <summary>Takes a stream that is ACTIVE into UPDATING, for as long as the options say; at once when they say nothing.</summary>
    /// <param name="plan">Under the stream's lock: what shall happen to the shards, if anything; may throw to refuse.</param>
    /// <exception cref="KinesisException">It is not ACTIVE.</exception>
    internal void BeginUpdate(Func<Reshard?> plan)
    {
        lock (_control)
        {
            RefuseUnlessActive();
            Enter(StreamStatus.Updating, _streams.Options.UpdatingDelay, plan());
        }
        Settle();
        WaitUntilSaved();
    }

    /// <exception cref="KinesisException">The stream is on its way to another state.</exception>
    internal void RefuseUnlessActive()
    {
        if (Status is not StreamStatus.Active)
            throw KinesisException.StreamNotActive(Name, Account, Status);
    }

    /// <summary>CREATING or DELETING begins.</summary>
    internal void Begin(StreamStatus status, TimeSpan delay)
    {
        lock (_control)
            Enter(status, delay, reshard: null);
    }

    /// <summary>Saves a new stream, before anything is put on it; once, also when CREATING takes no time.</summary>
    internal void SaveNew()
    {
        lock (_control)
        {
            if (_life.Transition is { } creating && creating.Due > _streams.Time.GetUtcNow())
                Save(creating);
        }
        Settle();                                             // saves it as it ends CREATING, if it does
    }

    /// <summary>Waits until what was changed is on disk, if the stream is kept there.</summary>
    /// <exception cref="KinesisException">The disk failed. What was changed is saved as soon as it works again.</exception>
    internal void WaitUntilSaved()
    {
        if (_stored is not null)
            StoredAsync(_stored.Saved).GetAwaiter().GetResult();
    }

    /// <summary>Ends a transition that is due: cheap to ask when there is none. True when the stream is gone with it.</summary>
    internal bool Settle()
    {
        if (_life.Transition is null)
            return _life.IsOver;
        lock (_control)
        {
            DateTimeOffset now = _streams.Time.GetUtcNow();
            if (_life.Transition is not { } transition || transition.Due > now)
                return _life.IsOver;
            if (transition.Status is StreamStatus.Deleting)
                Drop();
            else if (transition.Reshard is { } reshard)
                _gates.Apply(reshard, now, saveUnderGates: () => Save(null));
            else
                Save(null);
            _life.EndTransition();
        }
        return _life.IsOver;
    }

    /// <summary>Deletes what is past retention from the disk.</summary>
    internal Task TrimStoredAsync(DateTimeOffset now) => _gates.TrimStoredAsync(now, _life);

    /// <summary>Gives back the memory of what is past retention. On disk, what is old goes to make room for what is new.</summary>
    internal void Trim(DateTimeOffset now)
    {
        if (_stored is null)
            _gates.Trim(now);
    }

    /// <summary>Nothing happens by itself any more: a transition that is under way ends in the next process, or when somebody asks.</summary>
    internal void StopAlarm() => _life.StopAlarm();

    private long TakeMemory(ReadOnlySpan<PutEntry> entries)
    {
        long bytes = (long)entries.Length * Shard.RecordOverhead;
        foreach (ref readonly PutEntry entry in entries)
            bytes += entry.RawLength;
        _streams.Memory.Take(bytes);
        return bytes;
    }

    private void Enter(StreamStatus status, TimeSpan delay, Reshard? reshard)
    {
        var transition = new Transition(status, _streams.Time.GetUtcNow() + delay, reshard);
        Save(transition);
        _life.Enter(transition);
    }

    private void Drop()
    {
        _life.End();
        _gates.Drop();
        _stored?.Delete();                                    // behind all that was put while there was a stream
    }

    private void Save(Transition? transition) => _stored?.Save(new StreamDocument(
        Name, Records.Created, _settings, [.. Records.Shards.Select(ShardDocument.Of)], transition, Arn == _streams.ArnOf(Name) ? null : Arn));

    private static async Task StoredAsync(Task writing)
    {
        try
        {
            await writing;
        }
        catch (StorageException failed)
        {
            throw KinesisException.NotStored(failed.Message);
        }
    }

    private void ThrowIfGone()
    {
        if (_life.IsOver)
            throw KinesisException.StreamNotFound(Name, Account);
    }
}
