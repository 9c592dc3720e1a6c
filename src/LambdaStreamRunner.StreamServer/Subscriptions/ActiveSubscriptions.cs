namespace LambdaStreamRunner.StreamServer.Subscriptions;

/// <summary>Who is subscribed to what: one subscription for each consumer and shard (Kinesis reference 7.2).</summary>
/// <param name="realTime">Subscriptions last in real time, however fast the run clock goes.</param>
internal sealed class ActiveSubscriptions(TimeProvider realTime)
{
    /// <summary>How long after a successful call another one for the same consumer and shard is refused; later it takes over.</summary>
    public static readonly TimeSpan TakeoverAfter = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly Dictionary<(string ConsumerArn, string ShardId), Slot> _slots = [];

    /// <summary>Begins a subscription; one of the same consumer to the same shard ends by it.</summary>
    /// <exception cref="KinesisException">ResourceInUseException: that one has begun just now.</exception>
    public Slot Begin(string consumerArn, string shardId, Func<KinesisException> inUse)
    {
        var fresh = new Slot(this, realTime.GetTimestamp());
        Slot? former;
        lock (_gate)
        {
            Forget();
            if (_slots.TryGetValue((consumerArn, shardId), out former) && IsRecent(former))
                throw inUse();
            _slots[(consumerArn, shardId)] = fresh;
        }
        former?.TakeOver();
        return fresh;
    }

    private bool IsRecent(Slot slot) => realTime.GetElapsedTime(slot.Begun) < TakeoverAfter;

    /// <summary>Those that have ended count for as long as they bar the next one.</summary>
    private void Forget()
    {
        foreach (var (key, slot) in _slots)
        {
            if (slot.HasEnded && !IsRecent(slot))
                _slots.Remove(key);
        }
    }

    /// <summary>One subscription's place. To be disposed of when it ends.</summary>
    internal sealed class Slot(ActiveSubscriptions owner, long begun) : IDisposable
    {
        private readonly CancellationTokenSource _takenOver = new();

        public long Begun => begun;

        public bool HasEnded { get; private set; }

        /// <summary>Fires when another subscription takes this one's place.</summary>
        public CancellationToken TakenOver => _takenOver.Token;

        public void TakeOver()
        {
            lock (owner._gate)
            {
                if (HasEnded)
                    return;
            }
            _takenOver.Cancel();
        }

        public void Dispose()
        {
            lock (owner._gate)
                HasEnded = true;
        }
    }
}
