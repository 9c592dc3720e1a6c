using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Runner.Polling;

/// <summary>Answers whether a shard that cannot be counted has been read to its tip: by a read that began after the question and found nothing.</summary>
/// <remarks>Who wants to know asks again and again; a question that is not repeated for a second is over, and the next one is new.</remarks>
internal sealed class TipQuestion(TimeProvider time)
{
    /// <summary>How long a question lasts that nobody repeats.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private long _reads;
    private long _askedAfter = long.MaxValue;                 // reads that had begun when the question was asked first
    private DateTimeOffset _lastAsked = DateTimeOffset.MinValue;
    private (long Read, ShardPosition From)? _tip;

    /// <summary>True when a read from this position, begun after the first time that this was asked, came to the tip and found nothing.</summary>
    public bool Ask(ShardPosition position)
    {
        DateTimeOffset now = time.GetUtcNow();
        lock (_gate)
        {
            if (now - _lastAsked > Lifetime)
                _askedAfter = _reads;
            _lastAsked = now;
            return _tip is { } tip && tip.Read > _askedAfter && tip.From == position;
        }
    }

    /// <summary>A read begins; returns its number.</summary>
    public long Reading()
    {
        lock (_gate)
            return ++_reads;
    }

    /// <summary>A read has ended.</summary>
    public void Read(long read, ShardPosition from, bool isAtTip)
    {
        lock (_gate)
            _tip = isAtTip ? (read, from) : null;
    }
}
