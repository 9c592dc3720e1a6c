namespace LambdaStreamRunner.Core.Streams;

/// <summary>A throughput limit: so much at once, so much more with every second. Time comes in, so that any clock governs it.</summary>
public struct TokenBucket
{
    private readonly double _perSecond;
    private double _tokens;
    private DateTimeOffset _asOf;

    /// <summary>A full one.</summary>
    /// <param name="perSecond">What a second adds, and the most that is there at once.</param>
    public TokenBucket(double perSecond) => (_perSecond, _tokens) = (perSecond, perSecond);

    /// <summary>Whether an amount may be taken now. More than a second's worth may be when the bucket is full: it is paid off afterwards.</summary>
    public bool Has(double amount, DateTimeOffset now)
    {
        Fill(now);
        return _tokens >= Math.Min(amount, _perSecond);
    }

    /// <summary>Takes an amount, whether it is there or not: what is missing has to come in first before there is more.</summary>
    public void Take(double amount, DateTimeOffset now)
    {
        Fill(now);
        _tokens -= amount;
    }

    /// <summary>Leaves nothing, and so much to pay off.</summary>
    public void Owe(double amount, DateTimeOffset now)
    {
        _asOf = now;
        _tokens = -amount;
    }

    // A clock that goes back adds nothing.
    private void Fill(DateTimeOffset now)
    {
        if (now <= _asOf)
            return;
        _tokens = Math.Min(_perSecond, _tokens + ((now - _asOf).TotalSeconds * _perSecond));
        _asOf = now;
    }
}
