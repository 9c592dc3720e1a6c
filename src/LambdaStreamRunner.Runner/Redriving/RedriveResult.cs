using System.Collections.Immutable;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Runner.Redriving;

/// <summary>What became of one discarded batch.</summary>
/// <param name="Document">The batch.</param>
/// <param name="Mapping">"stream → function".</param>
/// <param name="Records">The records that were found.</param>
public sealed record RedriveResult(DiscardedDocument Document, string Mapping, ImmutableArray<StreamRecord> Records)
{
    /// <summary>Records that the function is done with now.</summary>
    public int Succeeded { get; init; }

    /// <summary>Records that have failed again.</summary>
    public int Failed { get; init; }

    /// <summary>Records that were not sent, since others before them failed.</summary>
    public int NotSent => Records.Length - Succeeded - Failed;

    /// <summary>Records that are not in the stream any more.</summary>
    public int Missing { get; init; }

    /// <summary>What cannot be told about the records; null when they are the batch.</summary>
    public string? Warning { get; init; }

    /// <summary>Why records failed; null when none did.</summary>
    public string? Error { get; init; }
}
