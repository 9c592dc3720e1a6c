using LambdaStreamRunner.Core.Streams;
using LambdaStreamRunner.Runner.Aws;
using LambdaStreamRunner.Runner.Aws.Kinesis;
using LambdaStreamRunner.Runner.Polling;

namespace LambdaStreamRunner.Runner.Capturing;

/// <summary>Reads one shard page by page; throttled or without an answer it tries again.</summary>
/// <param name="stream">The stream.</param>
/// <param name="shard">The shard.</param>
/// <param name="from">Where it begins.</param>
/// <param name="time">Real time.</param>
internal sealed class ShardFeed(KinesisStream stream, SourceShard shard, ShardPosition from, TimeProvider time)
{
    /// <summary>About a minute and a half.</summary>
    private static readonly AwsRetryPolicy Patience = new(20, TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(5));

    private readonly ReadPace _pace = new(time);
    private readonly DateTimeOffset _begun = time.GetUtcNow();
    private ShardPosition _position = from;
    private string? _iterator;

    /// <summary>The shard.</summary>
    public SourceShard Shard => shard;

    /// <summary>True when a closed shard has been read to its end.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>Reads that came to the tip.</summary>
    public int TipReads { get; private set; }

    /// <summary>Reads the next page.</summary>
    /// <exception cref="AwsException">The endpoint refuses for good, or cannot be reached for long.</exception>
    public async Task<RecordPage> ReadAsync(int limit, CancellationToken cancellation)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                return await ReadOnceAsync(limit, cancellation);
            }
            catch (AwsException expired) when (expired.Code == "ExpiredIteratorException" && attempt < Patience.Attempts)
            {
                (_iterator, _position) = (null, _position == ShardPosition.Latest ? ShardPosition.AtTimestamp(_begun) : _position);
            }
            catch (AwsException error) when (Patience.PauseAfter(error, attempt, Random.Shared.NextDouble()) is { } pause)
            {
                await Task.Delay(pause, time, cancellation);
            }
        }
    }

    private async Task<RecordPage> ReadOnceAsync(int limit, CancellationToken cancellation)
    {
        await _pace.NextAsync(cancellation);
        _iterator ??= await stream.GetShardIteratorAsync(shard.Id, _position, cancellation);
        RecordPage page = await stream.GetRecordsAsync(_iterator, limit, cancellation);
        _position = page.Last is { } last ? ShardPosition.After(last) : _position;
        (_iterator, HasEnded) = (page.NextShardIterator, page.NextShardIterator is null);
        TipReads += page.MillisBehindLatest == 0 ? 1 : 0;
        return page;
    }
}
