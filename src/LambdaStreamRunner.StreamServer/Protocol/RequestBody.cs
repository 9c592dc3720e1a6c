using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace LambdaStreamRunner.StreamServer.Protocol;

/// <summary>The whole body of a request in one piece of pooled memory.</summary>
internal sealed class RequestBody : IDisposable
{
    /// <summary>Most bytes of a body: 10 MiB of records in base64, and their names.</summary>
    public const int BytesMax = 14 * 1024 * 1024;

    private byte[] _buffer;
    private int _length;

    private RequestBody(int capacity) => _buffer = ArrayPool<byte>.Shared.Rent(capacity);

    public ArraySegment<byte> Bytes => new(_buffer, 0, _length);

    /// <summary>Reads the body; null when it is longer than <see cref="BytesMax"/>.</summary>
    public static async ValueTask<RequestBody?> ReadAsync(HttpContext context)
    {
        long? announced = context.Request.ContentLength;
        if (announced > BytesMax)
            return null;
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = BytesMax + 1;          // one more, so that we see it and not the server

        var body = new RequestBody((int)(announced ?? 4096));
        try
        {
            return await body.FillAsync(context.Request.BodyReader, context.RequestAborted) ? body : Drop(body);
        }
        catch
        {
            body.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
    }

    private static RequestBody? Drop(RequestBody body)
    {
        body.Dispose();
        return null;
    }

    private async ValueTask<bool> FillAsync(PipeReader reader, CancellationToken aborted)
    {
        while (true)
        {
            ReadResult read = await reader.ReadAsync(aborted);
            if (_length + read.Buffer.Length > BytesMax)
            {
                reader.AdvanceTo(read.Buffer.End);
                return false;
            }
            Append(read.Buffer);
            reader.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
                return true;
        }
    }

    private void Append(ReadOnlySequence<byte> bytes)
    {
        int needed = _length + (int)bytes.Length;
        if (needed > _buffer.Length)
        {
            byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, Math.Min(_buffer.Length * 2, BytesMax)));
            Bytes.AsSpan().CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }
        bytes.CopyTo(_buffer.AsSpan(_length));
        _length = needed;
    }
}
