using System.Text;

namespace LambdaStreamRunner.Runner.Input;

/// <summary>One record per line: the line's bytes are the data, an expression finds the key.</summary>
public sealed class InputReader : IDisposable
{
    private readonly LineReader _lines;
    private readonly PartitionKeyExpression _partitionKey;

    /// <summary>Reads a stream, which stays the caller's to close.</summary>
    public InputReader(Stream stream, PartitionKeyExpression partitionKey)
    {
        _lines = new LineReader(stream);
        _partitionKey = partitionKey;
    }

    /// <summary>What was read last; its data is good until the next read.</summary>
    public InputRecord Current { get; private set; }

    /// <summary>Reads the next line into <see cref="Current"/>; false after the last one.</summary>
    public ValueTask<bool> ReadAsync(CancellationToken cancellation)
    {
        ValueTask<bool> read = _lines.ReadAsync(cancellation);
        return read.IsCompletedSuccessfully ? ValueTask.FromResult(Take(read.Result)) : TakeAsync(read);
    }

    /// <inheritdoc/>
    public void Dispose() => _lines.Dispose();

    private async ValueTask<bool> TakeAsync(ValueTask<bool> read) => Take(await read);

    private bool Take(bool isRead)
    {
        if (isRead)
            Current = new InputRecord(_lines.Current.Number, KeyOf(_lines.Current), _lines.Current.Data);
        return isRead;
    }

    private PartitionKey KeyOf(Line line)
    {
        if (line.IsTooLong)
            return TooLong(line.Length);
        PartitionKey key = _partitionKey.Of(line.Data.Span);
        if (!key.IsFound)
            return key;
        long length = line.Length + Encoding.UTF8.GetByteCount(key.Value);
        return length > Line.RecordBytesMax ? TooLong(length) : key;
    }

    private static PartitionKey TooLong(long length) =>
        PartitionKey.None($"has {length} bytes, and a record holds {Line.RecordBytesMax}, its key included");
}
