using System.Buffers;
using LambdaStreamRunner.Core.Streams;
using LambdaStreamRunner.Runner.Aws;
using LambdaStreamRunner.Runner.Aws.Kinesis;
using LambdaStreamRunner.Runner.Polling;

namespace LambdaStreamRunner.Runner.Capturing;

/// <summary>Reads what comes into a stream, all shards in order of arrival. What it keeps of a record is its key and its size.</summary>
public sealed class StreamCapture : IDisposable
{
    /// <summary>Records of all shards together that wait for their turn, at most.</summary>
    public const int WaitingMax = 200_000;

    /// <summary>How often a stream is read in which nothing comes: others read the same shards, and AWS lets five reads a second in.</summary>
    public static readonly TimeSpan IdlePause = TimeSpan.FromSeconds(1);

    /// <summary>A shard may have been closed just behind the first read that came to its tip: the second one says so.</summary>
    private const int TipReadsMin = 2;

    private const int PageMax = 10_000;
    private const string EmulatedRegion = "us-east-1";
    private const string EmulatedAccount = "000000000000";

    private readonly AwsClient _client;
    private readonly KinesisStream _stream;
    private readonly TimeProvider _time;
    private readonly List<ShardFeed> _feeds = [];
    private readonly HashSet<string> _begun = new(StringComparer.Ordinal);
    private readonly CaptureMerge _merge = new();

    /// <summary>A capture of a stream.</summary>
    /// <param name="stream">Its name, or its ARN, which AWS needs.</param>
    /// <param name="endpoint">"aws", or a URL.</param>
    /// <param name="time">Real time.</param>
    public StreamCapture(string stream, string endpoint, TimeProvider time)
    {
        string[] arn = stream.Split(':', 6);
        bool isArn = arn.Length == 6 && arn[0] == "arn";
        string name = isArn ? arn[5][(arn[5].IndexOf('/', StringComparison.Ordinal) + 1)..] : stream;
        string region = isArn ? arn[3] : EmulatedRegion;
        _client = new AwsClient(AwsEndpoint.Of("kinesis", region, endpoint), time);
        _stream = new KinesisStream(_client, name, isArn ? stream : $"arn:aws:kinesis:{region}:{EmulatedAccount}:stream/{name}");
        _time = time;
    }

    /// <summary>True when an endpoint is AWS itself, which has to be told the ARN of a stream.</summary>
    public static bool NeedsArn(string endpoint) => AwsEndpoint.IsValid(endpoint) && AwsEndpoint.Of("kinesis", EmulatedRegion, endpoint).IsAws;

    /// <summary>Where it reads, for people.</summary>
    public string Endpoint => _client.Endpoint.ToString();

    /// <summary>Reads until the end, until nobody wants more, or until it is stopped.</summary>
    /// <param name="from">Where it begins in every shard.</param>
    /// <param name="end">When it ends by itself.</param>
    /// <param name="take">Takes the next record; false when it wants no more.</param>
    /// <param name="stopping">Ends it; what had been read is given first.</param>
    /// <exception cref="IOException">There is no such stream, or the endpoint refuses or cannot be reached.</exception>
    public async Task ReadAsync(ShardPosition from, CaptureEnd end, Func<CapturedRecord, ValueTask<bool>> take, CancellationToken stopping)
    {
        try
        {
            await BeginAsync(from, stopping);
            while (_feeds.Count > 0 || !_merge.IsEmpty)
            {
                bool foundNothing = await ReadRoundAsync(end, stopping);
                while (_merge.TryTake(out CapturedRecord record))
                {
                    if (!await take(record))
                        return;
                }
                if (foundNothing && _merge.IsEmpty && _feeds.Count > 0)
                    await Task.Delay(IdlePause, _time, stopping);
            }
        }
        catch (OperationCanceledException)
        {
            foreach (ShardFeed feed in _feeds)
                _merge.End(feed.Shard.Id);                    // what was read is kept: nothing earlier comes any more
            while (_merge.TryTake(out CapturedRecord record) && await take(record))
            {
            }
            throw;
        }
        catch (AwsException refused)
        {
            throw new IOException($"Stream '{_stream.Name}' at {Endpoint} cannot be read: {refused.Message}", refused);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private async Task BeginAsync(ShardPosition from, CancellationToken stopping)
    {
        if (await _stream.DescribeAsync(stopping) is null)
            throw new IOException($"There is no stream '{_stream.Name}' at {Endpoint}.");
        ShardListing listing = await _stream.ListShardsAsync(stopping);
        foreach (SourceShard shard in listing.Shards.Where(shard => from.Type is not ShardIteratorType.TrimHorizon || ParentsOf(shard).All(parent => !IsListed(listing, parent))))
            Begin(shard, from);
    }

    /// <summary>Reads a page of every shard whose next record is not known; true when all shards came to their tips and had nothing.</summary>
    private async Task<bool> ReadRoundAsync(CaptureEnd end, CancellationToken stopping)
    {
        DateTimeOffset newest = _merge.Newest;
        int limit = Math.Clamp(WaitingMax / Math.Max(1, _feeds.Count), 1, PageMax);
        ShardFeed[] wanted = [.. _feeds.Where(feed => _merge.Wants(feed.Shard.Id))];
        bool foundNothing = wanted.Length == _feeds.Count;
        RecordPage[] pages = await Task.WhenAll(wanted.Select(feed => feed.ReadAsync(limit, stopping)));
        foreach ((ShardFeed feed, RecordPage page) in wanted.Zip(pages))
        {
            bool isAtTip = page.MillisBehindLatest == 0;
            _merge.Add(feed.Shard.Id, Captured(page));
            if (page.Records.IsEmpty && isAtTip)
                _merge.FoundNothing(feed.Shard.Id, newest);
            foundNothing &= page.Records.IsEmpty && isAtTip;
        }
        await EndAsync([.. wanted.Where(feed => feed.HasEnded)], stopping);
        if (end is CaptureEnd.AtTheTip)
            LeaveAtTip([.. wanted.Where(feed => !feed.HasEnded && feed.TipReads >= TipReadsMin)]);
        return foundNothing;
    }

    /// <summary>The shards were closed: what continues them is read from its beginning.</summary>
    private async Task EndAsync(ShardFeed[] ended, CancellationToken stopping)
    {
        if (ended.Length == 0)
            return;
        ShardListing listing = await _stream.ListShardsAsync(stopping);
        foreach (ShardFeed feed in ended)
            _feeds.Remove(feed);
        foreach (SourceShard shard in listing.Shards.Where(shard => !_begun.Contains(shard.Id)))
        {
            if (ParentsOf(shard).All(parent => HasBeenRead(parent) || !IsListed(listing, parent)))
                Begin(shard, ShardPosition.TrimHorizon);
        }
        foreach (ShardFeed feed in ended)
            _merge.End(feed.Shard.Id);
    }

    private void LeaveAtTip(ShardFeed[] feeds)
    {
        foreach (ShardFeed feed in feeds)
        {
            _feeds.Remove(feed);
            _merge.End(feed.Shard.Id);
        }
    }

    private void Begin(SourceShard shard, ShardPosition from)
    {
        _begun.Add(shard.Id);
        _merge.Begin(shard.Id);
        _feeds.Add(new ShardFeed(_stream, shard, from, _time));
    }

    private bool HasBeenRead(string shardId) => _begun.Contains(shardId) && !_feeds.Exists(feed => feed.Shard.Id == shardId);

    private static bool IsListed(ShardListing listing, string shardId) => listing.Shards.Any(shard => shard.Id == shardId);

    private static IEnumerable<string> ParentsOf(SourceShard shard) => new[] { shard.ParentId, shard.AdjacentParentId }.OfType<string>();

    // A copy of each key: a page would keep all its data alive.
    private static IEnumerable<CapturedRecord> Captured(RecordPage page)
    {
        foreach (ReadOnlyMemory<StreamRecord> part in page.Records)
        {
            for (int i = 0; i < part.Length; i++)
            {
                StreamRecord record = part.Span[i];
                yield return new CapturedRecord(record.Arrival, record.Key.ToArray(), record.KeyHash, record.DataLength);
            }
        }
    }
}
