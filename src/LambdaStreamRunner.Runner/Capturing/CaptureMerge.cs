namespace LambdaStreamRunner.Runner.Capturing;

/// <summary>Puts records of several shards into the order of their arrival, with what was read of each so far. Knows no endpoint, no task and no clock.</summary>
/// <remarks>
/// A record may go when no shard can bring an earlier one. A shard whose next record is known cannot; one that had nothing
/// at its tip cannot bring what arrived before that read began. Whose clock is right does not matter: a read began after
/// the newest record that was known then.
/// </remarks>
internal sealed class CaptureMerge
{
    private readonly Dictionary<string, Shard> _shards = [];
    private readonly PriorityQueue<Shard, (DateTimeOffset Arrival, string Id)> _heads = new();
    private DateTimeOffset _newest = DateTimeOffset.MinValue;

    /// <summary>True when no record waits.</summary>
    public bool IsEmpty => _heads.Count == 0;

    /// <summary>The newest arrival that is known; to be asked before a read begins.</summary>
    public DateTimeOffset Newest => _newest;

    /// <summary>A shard is read from now on.</summary>
    public void Begin(string shardId) => _shards.Add(shardId, new Shard(shardId));

    /// <summary>A shard was read to its end.</summary>
    public void End(string shardId) => _shards[shardId].HasEnded = true;

    /// <summary>True when a read of the shard may bring what is needed next.</summary>
    public bool Wants(string shardId) => _shards[shardId] is { HasEnded: false, Waiting.Count: 0 };

    /// <summary>Records were read, in the order of the shard.</summary>
    public void Add(string shardId, IEnumerable<CapturedRecord> records)
    {
        Shard shard = _shards[shardId];
        bool wasEmpty = shard.Waiting.Count == 0;
        foreach (CapturedRecord record in records)
        {
            shard.Waiting.Enqueue(record);
            _newest = record.Arrival > _newest ? record.Arrival : _newest;
        }
        if (wasEmpty && shard.Waiting.TryPeek(out CapturedRecord first))
            _heads.Enqueue(shard, (first.Arrival, shard.Id));
    }

    /// <summary>A shard had nothing more at its tip.</summary>
    /// <param name="shardId">Which.</param>
    /// <param name="newest">What <see cref="Newest"/> was before the read began.</param>
    public void FoundNothing(string shardId, DateTimeOffset newest)
    {
        Shard shard = _shards[shardId];
        shard.ClearUpTo = newest > shard.ClearUpTo ? newest : shard.ClearUpTo;
    }

    /// <summary>Takes the next record, if none can come before it.</summary>
    public bool TryTake(out CapturedRecord record)
    {
        record = default;
        if (!_heads.TryPeek(out Shard? first, out (DateTimeOffset Arrival, string Id) head) || !IsClearFor(head.Arrival))
            return false;
        record = first.Waiting.Dequeue();
        if (first.Waiting.TryPeek(out CapturedRecord next))
            _heads.DequeueEnqueue(first, (next.Arrival, first.Id));
        else
        {
            _heads.Dequeue();
            first.ClearUpTo = record.Arrival;
        }
        return true;
    }

    private bool IsClearFor(DateTimeOffset arrival)
    {
        foreach (Shard shard in _shards.Values)
        {
            if (shard is { HasEnded: false, Waiting.Count: 0 } && shard.ClearUpTo < arrival)
                return false;
        }
        return true;
    }

    private sealed class Shard(string id)
    {
        public string Id => id;

        public Queue<CapturedRecord> Waiting { get; } = new();

        public bool HasEnded { get; set; }

        /// <summary>Nothing that arrived before this can come any more.</summary>
        public DateTimeOffset ClearUpTo { get; set; } = DateTimeOffset.MinValue;
    }
}
