using LambdaStreamRunner.Runner.Input;

namespace LambdaStreamRunner.Runner.Configuration;

/// <summary>A file that <c>run</c> puts onto a stream when it has started, one record per line.</summary>
/// <param name="File">Absolute path.</param>
/// <param name="Stream">The stream that gets the records.</param>
/// <param name="PartitionKey">Where the key of a line comes from.</param>
public sealed record InputConfiguration(string File, StreamConfiguration Stream, PartitionKeyExpression PartitionKey);
