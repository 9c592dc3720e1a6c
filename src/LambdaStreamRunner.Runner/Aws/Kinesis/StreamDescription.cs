using System.Collections.Immutable;
using LambdaStreamRunner.Runner.Polling;

namespace LambdaStreamRunner.Runner.Aws.Kinesis;

/// <summary>What DescribeStreamSummary tells of a stream, as far as reading needs it.</summary>
/// <param name="Status">ACTIVE, CREATING, UPDATING, DELETING.</param>
/// <param name="Created">When it was created.</param>
/// <param name="Retention">How long it keeps records.</param>
internal sealed record StreamDescription(string Status, DateTimeOffset Created, TimeSpan Retention);

/// <summary>The shards that ListShards tells of.</summary>
/// <param name="Shards">In the order of their ids.</param>
/// <param name="OpenCount">How many of them take records.</param>
internal sealed record ShardListing(ImmutableArray<SourceShard> Shards, int OpenCount);
