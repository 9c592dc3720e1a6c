using System.Buffers;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Core.Streams;
using LambdaStreamRunner.Runner.Aws;
using LambdaStreamRunner.Runner.Aws.Kinesis;

namespace LambdaStreamRunner.Runner.Polling;

/// <summary>Reads a shard at a remote endpoint with GetRecords, both cursors together at most five times a second.</summary>
/// <param name="stream">The stream.</param>
/// <param name="shardId">The shard.</param>
/// <param name="time">Real time.</param>
/// <param name="onNotFound">Called when the endpoint knows the shard no more: tells whether the stream is still there.</param>
internal sealed class RemoteShardReader(KinesisStream stream, string shardId, TimeProvider time, Func<CancellationToken, ValueTask<bool>> onNotFound) : IShardReader
{
    private readonly ReadPace _pace = new(time);
    private readonly TipQuestion _tip = new(time);
    private readonly Cursor _main = new();
    private readonly Cursor _catchUp = new();

    /// <inheritdoc/>
    /// <exception cref="ReadRefusedException">The endpoint refuses, or cannot be reached.</exception>
    public async ValueTask<ShardReadResult> ReadAsync(ShardDecision.ReadRecords request, CancellationToken stopping)
    {
        try
        {
            while (true)
            {
                ShardReadResult read = await ReadOnceAsync(request, stopping);
                if (!read.Records.IsEmpty || read.IsEnd || !request.WaitForRecords)
                    return read;
            }
        }
        catch (AwsException refused)
        {
            throw new ReadRefusedException(refused.Message, refused);
        }
    }

    /// <inheritdoc/>
    public bool IsAtTip(ShardPosition position) => _tip.Ask(position);

    /// <inheritdoc/>
    public long CountFrom(ShardPosition position) => 0;

    private async Task<ShardReadResult> ReadOnceAsync(ShardDecision.ReadRecords request, CancellationToken stopping)
    {
        ShardPosition from = request.From.BetweenRecords();
        Cursor cursor = request.Cursor is ReadCursor.Main ? _main : _catchUp;
        if (cursor.Kept.TryTake(from, out ReadOnlySequence<StreamRecord> kept))
            return new ShardReadResult(kept.Slice(0, Math.Min(kept.Length, request.Limit)), cursor.HasEnded && kept.Length <= request.Limit);
        if (cursor.Position != from)
            cursor.MoveTo(from);
        if (cursor.HasEnded)
            return new ShardReadResult(ReadOnlySequence<StreamRecord>.Empty, IsEnd: true);

        long question = _tip.Reading();
        if (await FetchAsync(cursor, request.Limit, stopping) is not { } page)
            return new ShardReadResult(ReadOnlySequence<StreamRecord>.Empty, cursor.HasEnded);
        if (cursor == _main)
            _tip.Read(question, request.From, isAtTip: page.Records.IsEmpty && page.MillisBehindLatest == 0 && !cursor.HasEnded);
        return new ShardReadResult(page.Records, cursor.HasEnded);
    }

    // Null: the iterator was too old and is forgotten, or the endpoint has nothing of the shard any more.
    private async Task<RecordPage?> FetchAsync(Cursor cursor, int limit, CancellationToken stopping)
    {
        try
        {
            cursor.Iterator ??= await NewIteratorAsync(cursor.Position, stopping);
            await _pace.NextAsync(stopping);
            RecordPage page = await stream.GetRecordsAsync(cursor.Iterator, limit, stopping);
            cursor.Pass(page);
            return page;
        }
        catch (AwsException expired) when (expired.Code == "ExpiredIteratorException")
        {
            cursor.MoveTo(cursor.Position);
            return null;
        }
        catch (AwsException missing) when (missing.Code == "ResourceNotFoundException")
        {
            if (!await onNotFound(stopping))
                throw new ReadRefusedException($"stream '{stream.Name}' was deleted", missing);
            cursor.End();                                     // the stream is there: all that the shard had is past retention
            return null;
        }
    }

    private async Task<string> NewIteratorAsync(ShardPosition from, CancellationToken stopping)
    {
        await _pace.NextAsync(stopping);                      // GetShardIterator has a limit of the same size
        return await stream.GetShardIteratorAsync(shardId, from, stopping);
    }

    /// <summary>Where one of the two cursors stands.</summary>
    private sealed class Cursor
    {
        public KeptPage Kept;

        /// <summary>Where the iterator reads on.</summary>
        public ShardPosition Position { get; private set; } = ShardPosition.Latest;

        /// <summary>The iterator; null when there is none.</summary>
        public string? Iterator { get; set; }

        /// <summary>True when the closed shard has nothing after the position.</summary>
        public bool HasEnded { get; private set; }

        public void MoveTo(ShardPosition position) => (Position, Iterator, HasEnded) = (position, null, false);

        public void Pass(RecordPage page)
        {
            Kept.Keep(page.Records);
            Position = page.Last is { } last ? ShardPosition.After(last) : Position;
            (Iterator, HasEnded) = (page.NextShardIterator, page.NextShardIterator is null);
        }

        public void End() => (Iterator, HasEnded) = (null, true);
    }
}
