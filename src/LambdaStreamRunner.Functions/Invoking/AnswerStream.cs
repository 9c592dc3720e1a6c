using System.Buffers;

namespace LambdaStreamRunner.Functions.Invoking;

/// <summary>Collects what a serializer writes as the function's answer, up to the limit of a synchronous invocation.</summary>
internal sealed class AnswerStream : Stream
{
    /// <summary>Largest answer, in bytes: 6 MB.</summary>
    /// <remarks>AWS: <see href="https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html"/>.</remarks>
    public const int LengthMax = 6_291_456;

    private readonly ArrayBufferWriter<byte> _written = new();

    /// <summary>All bytes so far.</summary>
    public ReadOnlyMemory<byte> Answer => _written.WrittenMemory;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => _written.WrittenCount;

    public override long Position
    {
        get => _written.WrittenCount;
        set => throw new NotSupportedException("An answer is written once, from front to back.");
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (buffer.Length > LengthMax - _written.WrittenCount)
            throw new AnswerTooLargeException();
        _written.Write(buffer);
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        Write(buffer.AsSpan(offset, count));
        return Task.CompletedTask;
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Write(buffer.Span);
        return ValueTask.CompletedTask;
    }

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("An answer is only written.");

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException("An answer is written once, from front to back.");

    public override void SetLength(long value) => throw new NotSupportedException("An answer is written once, from front to back.");
}

/// <summary>The handler returned more than a synchronous invocation can carry.</summary>
internal sealed class AnswerTooLargeException() : IOException($"The answer is larger than {AnswerStream.LengthMax} bytes, the limit of a synchronous invocation.")
{
    /// <summary>Lambda's name for it.</summary>
    public const string ErrorType = "Function.ResponseSizeTooLarge";
}
