namespace LambdaStreamRunner.Runner.Telemetry;

/// <summary>How far a mapping is, at one moment.</summary>
/// <param name="Name">"stream → function".</param>
public sealed record MappingProgress(string Name)
{
    /// <summary>Records that succeeded, were filtered or were discarded.</summary>
    public long Settled { get; init; }

    /// <summary>Records that must be settled for the mapping to be drained: read so far, or more when the stream knows of more.</summary>
    public long Known { get; init; }

    /// <summary>Batches that run now.</summary>
    public int InFlight { get; init; }

    /// <summary>Age of the last record of the batch handed over last, the oldest of all shards.</summary>
    public TimeSpan IteratorAge { get; init; }

    /// <summary>Repeated invocations so far.</summary>
    public long Retries { get; init; }

    /// <summary>Records given up so far.</summary>
    public long Discarded { get; init; }

    /// <summary>What is waited for, for people, such as "a batch window, 240 s left; --speed shortens it"; null when nothing special.</summary>
    public string? WaitsFor { get; init; }
}
