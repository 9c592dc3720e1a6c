using System.IO.Compression;

namespace LambdaStreamRunner.Host.Traces;

/// <summary>The unpacked bytes of a gzip file that must be whole.</summary>
/// <remarks>
/// .NET ends quietly where a file is cut off. A short member of our own is put behind the last one, and its content has to come out at the end:
/// of a file that is cut off it becomes a part of the member that is open.
/// </remarks>
/// <param name="packed">What is unpacked.</param>
/// <param name="name">The file, for people.</param>
internal sealed class GzipContent(Stream packed, string name) : ForwardStream(packed)
{
    private const int BlockBytes = 64 * 1024;

    private static readonly byte[] Mark = "the end of lambda-stream's own"u8.ToArray();
    private static readonly byte[] PackedMark = Pack(Mark);

    private readonly GZipStream _content = new(new Lengthened(packed, PackedMark), CompressionMode.Decompress);
    private readonly byte[] _block = new byte[BlockBytes];
    private int _start;
    private int _end;
    private bool _isAtEnd;

    /// <inheritdoc/>
    /// <exception cref="TraceException">The file is cut off, or damaged.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (_end - _start <= Mark.Length && !_isAtEnd)
            await FillAsync(cancellationToken);
        int count = Math.Min(buffer.Length, _end - _start - Mark.Length);
        _block.AsSpan(_start, count).CopyTo(buffer.Span);
        _start += count;
        return count;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _content.Dispose();
        base.Dispose(disposing);
    }

    // What could be the mark is kept back until more has come.
    private async ValueTask FillAsync(CancellationToken cancellation)
    {
        _block.AsSpan(_start.._end).CopyTo(_block);
        (_start, _end) = (0, _end - _start);
        int read;
        try
        {
            read = await _content.ReadAsync(_block.AsMemory(_end), cancellation);
        }
        catch (InvalidDataException)
        {
            throw ((Lengthened)_content.BaseStream).IsBeyond ? CutOff() : new TraceException($"{name}: the packed file is damaged: its gzip data does not fit its own checksums; copy it again.");
        }
        _end += read;
        _isAtEnd = read == 0;
        if (_isAtEnd && !_block.AsSpan(_start.._end).SequenceEqual(Mark))
            throw CutOff();
    }

    private TraceException CutOff() => new($"{name} is cut off: its gzip data ends early; copy it again.");

    private static byte[] Pack(byte[] content)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
            gzip.Write(content);
        return packed.ToArray();
    }

    /// <summary>A stream with something behind it.</summary>
    private sealed class Lengthened(Stream source, byte[] more) : ForwardStream(source)
    {
        private int _taken;

        /// <summary>True once what is behind it has been reached.</summary>
        public bool IsBeyond { get; private set; }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            int read = IsBeyond ? 0 : await Source.ReadAsync(buffer, cancellationToken);
            if (read > 0 || buffer.IsEmpty)
                return read;
            IsBeyond = true;
            int count = Math.Min(buffer.Length, more.Length - _taken);
            more.AsSpan(_taken, count).CopyTo(buffer.Span);
            _taken += count;
            return count;
        }
    }
}
