using System.Collections.Immutable;

namespace LambdaStreamRunner.StreamServer;

/// <summary>The shard-level metrics that Kinesis knows. They can be switched on, and nothing is measured by them here.</summary>
public static class ShardMetrics
{
    /// <summary>Stands for all of them in requests.</summary>
    public const string All = "ALL";

    /// <summary>Their names, in AWS's order.</summary>
    public static ImmutableArray<string> Names { get; } =
    [
        "IncomingBytes", "IncomingRecords", "OutgoingBytes", "OutgoingRecords", "WriteProvisionedThroughputExceeded",
        "ReadProvisionedThroughputExceeded", "IteratorAgeMilliseconds",
    ];

    /// <summary>The metrics that somebody named, in AWS's order; <see cref="All"/> is written out.</summary>
    public static ImmutableArray<string> Of(IReadOnlyCollection<string> named) =>
        [.. Names.Where(metric => named.Contains(metric) || named.Contains(All))];
}
