using LambdaStreamRunner.Aggregation;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Runner.Polling;

/// <summary>Looks for aggregated records that reach a mapping without enhanced fan-out, which gets them as they are.</summary>
/// <remarks>Only the first record of each read is looked at: who aggregates, aggregates always.</remarks>
/// <param name="inner">Reads the shard.</param>
/// <param name="found">Told of the first one; the mapping's shards share it.</param>
public sealed class AggregateWatch(IShardReader inner, Action found) : IShardReader
{
    private bool _isOver;

    /// <summary>What goes wrong with the aggregated records of such a mapping; null when nothing does.</summary>
    public static string? Trouble(EventSourceMapping mapping)
    {
        if (!mapping.FilterCriteria.IsEmpty)
            return "its filters see them as data that is no JSON, and drop them unless they do not ask for data";
        if (mapping.ReportsBatchItemFailures)
            return "a reported failure repeats all user records of an aggregate, since they share its sequence number";
        return mapping.ParallelizationFactor > 1
            ? "their user records are spread over lanes by the aggregate's partition key alone, so that other keys lose their order"
            : null;
    }

    /// <inheritdoc/>
    public async ValueTask<ShardReadResult> ReadAsync(ShardDecision.ReadRecords request, CancellationToken stopping)
    {
        ShardReadResult read = await inner.ReadAsync(request, stopping);
        if (_isOver || read.Records.IsEmpty || !AggregatedRecord.HasMagic(read.Records.FirstSpan[0].Data.Span))
            return read;
        _isOver = true;
        if (AggregatedRecord.IsAggregated(read.Records.FirstSpan[0].Data))
            found();
        return read;
    }

    /// <inheritdoc/>
    public bool IsAtTip(ShardPosition position) => inner.IsAtTip(position);

    /// <inheritdoc/>
    public long CountFrom(ShardPosition position) => inner.CountFrom(position);
}
