using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.StreamServer.Protocol;

/// <summary>What an iterator stands for: a place in a shard of one stream, told apart from a later stream of the same name.</summary>
internal readonly record struct ShardIterator(string StreamName, long StreamCreatedMilliseconds, int ShardIndex, ShardPosition Position)
{
    private const byte Kind = (byte)'I';
    private const int FixedLength = 1 + 1 + 8 + 4 + SequenceNumber.ByteLength;

    /// <summary>The iterator for a place in a stream.</summary>
    public static ShardIterator For(EmbeddedStream stream, Shard shard, ShardPosition position) =>
        new(stream.Name, stream.Records.Created.ToUnixTimeMilliseconds(), shard.Index, position);

    /// <summary>The token that a client gets.</summary>
    public string Seal(TokenSeal tokens)
    {
        Span<byte> content = stackalloc byte[FixedLength + Encoding.UTF8.GetByteCount(StreamName)];
        content[0] = Kind;
        content[1] = (byte)Position.Type;
        BinaryPrimitives.WriteInt64BigEndian(content[2..], StreamCreatedMilliseconds);
        BinaryPrimitives.WriteInt32BigEndian(content[10..], ShardIndex);
        if (Position.Type is ShardIteratorType.AtTimestamp)
            BinaryPrimitives.WriteInt64BigEndian(content[14..], Position.TimestampMilliseconds);
        else
            Position.SequenceNumber.WriteBytes(content[14..]);
        Encoding.UTF8.GetBytes(StreamName, content[FixedLength..]);
        return tokens.Seal(content);
    }

    /// <summary>Reads a token, also one that a user of the CLI pasted with its quotes.</summary>
    /// <exception cref="KinesisException">It is not ours, or too old.</exception>
    public static ShardIterator Open(string text, TokenSeal tokens)
    {
        if (text.Length > 2 && text[0] == '"' && text[^1] == '"')
            text = text[1..^1];
        if (!tokens.TryOpen(text, out long issued, out byte[] content) || content[0] != Kind)
            throw KinesisException.InvalidArgument("Invalid ShardIterator.");
        if (tokens.Now - issued > TokenSeal.LifetimeMilliseconds)
            throw Expired(issued, tokens.Now);

        ReadOnlySpan<byte> place = content.AsSpan(14);
        ShardPosition position = (ShardIteratorType)content[1] switch
        {
            ShardIteratorType.TrimHorizon => ShardPosition.TrimHorizon,
            ShardIteratorType.AtSequenceNumber => ShardPosition.At(SequenceNumber.ReadBytes(place)),
            ShardIteratorType.AtTimestamp => ShardPosition.AtTimestamp(DateTimeOffset.FromUnixTimeMilliseconds(BinaryPrimitives.ReadInt64BigEndian(place))),
            _ => ShardPosition.After(SequenceNumber.ReadBytes(place)),
        };
        return new ShardIterator(
            Encoding.UTF8.GetString(content.AsSpan(FixedLength)),
            BinaryPrimitives.ReadInt64BigEndian(content.AsSpan(2)),
            BinaryPrimitives.ReadInt32BigEndian(content.AsSpan(10)),
            position);
    }

    /// <summary>What is said of an iterator that has expired this moment.</summary>
    public static KinesisException ExpiredBy(long now) => Expired(now - TokenSeal.LifetimeMilliseconds - 1000, now);

    private static KinesisException Expired(long issued, long now) => new(
        "ExpiredIteratorException",
        $"Iterator expired. The iterator was created at time {JavaDate(issued)} while right now it is {JavaDate(now)} "
        + $"which is further in the future than the tolerated delay of {TokenSeal.LifetimeMilliseconds} milliseconds.");

    private static string JavaDate(long milliseconds) =>
        DateTimeOffset.FromUnixTimeMilliseconds(milliseconds).ToString("ddd MMM dd HH:mm:ss 'UTC' yyyy", CultureInfo.InvariantCulture);
}
