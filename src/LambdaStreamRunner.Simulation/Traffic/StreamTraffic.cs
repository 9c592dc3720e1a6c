namespace LambdaStreamRunner.Simulation.Traffic;

/// <summary>What comes into a stream, in order of time: recorded, or made from a profile. Read as often as somebody wants, by several threads at once.</summary>
public abstract class StreamTraffic
{
    /// <summary>What it is, for people: "access.csv, 10,000 records in 55 min" or "Poisson, 500/s for 10 min, 1,000 keys (Zipf 1)".</summary>
    public abstract string Description { get; }

    /// <summary>How many records there are.</summary>
    public abstract long Count { get; }

    /// <summary>From the beginning to the last record.</summary>
    public abstract TimeSpan Duration { get; }

    /// <summary>All records from a time on, in blocks of at most <see cref="BlockMax"/>. A block is valid until the next one is asked for.</summary>
    /// <param name="from">Since the beginning; what lies before is left out.</param>
    public abstract IEnumerable<ReadOnlyMemory<Arrival>> ReadFrom(TimeSpan from);

    /// <summary>The partition key of a hash, for people; the hash in hexadecimal digits when it is not known.</summary>
    public virtual string NameOf(UInt128 keyHash) => keyHash.ToString("x32", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>The same records at another speed.</summary>
    /// <param name="factor">Above 0: 100 lets a second's records come within 10 ms.</param>
    public StreamTraffic AtSpeed(double factor) => factor == 1 ? this : new RescaledTraffic(this, factor);

    /// <summary>The records of a part, which begins at zero.</summary>
    /// <param name="from">Where it begins.</param>
    /// <param name="until">Where it ends: the first time that is left out.</param>
    public StreamTraffic Between(TimeSpan from, TimeSpan until) => new TrafficExcerpt(this, from, until);

    /// <summary>The same records several times over.</summary>
    /// <param name="times">1 or more.</param>
    /// <param name="period">From the beginning of one time to that of the next: at least its duration.</param>
    public StreamTraffic Repeated(int times, TimeSpan period) => times == 1 ? this : new RepeatedTraffic(this, times, period);

    /// <summary>Most records of a block.</summary>
    public const int BlockMax = 8_192;
}
