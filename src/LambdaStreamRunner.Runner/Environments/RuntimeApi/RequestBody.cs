using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;

namespace LambdaStreamRunner.Runner.Environments.RuntimeApi;

/// <summary>Reads bodies up to a limit.</summary>
internal static class RequestBody
{
    /// <summary>Largest answer of a synchronous invocation, in bytes: 6 MB.</summary>
    /// <remarks>AWS: <see href="https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html"/>.</remarks>
    public const int AnswerBytesMax = 6_291_456;

    /// <summary>What is read of a body that is too large, so that its sender reads the answer instead of a broken connection.</summary>
    private const long ReadBytesMax = 64 << 20;

    /// <summary>The body; null when it is larger than <see cref="AnswerBytesMax"/>.</summary>
    public static async Task<ReadOnlyMemory<byte>?> ReadAsync(HttpRequest request, CancellationToken gone)
    {
        PipeReader body = request.BodyReader;
        var whole = new ArrayBufferWriter<byte>((int)Math.Clamp(request.ContentLength ?? 256, 1, AnswerBytesMax));
        long length = 0;
        while (true)
        {
            ReadResult read = await body.ReadAsync(gone);
            length += read.Buffer.Length;
            if (length <= AnswerBytesMax)
            {
                foreach (ReadOnlyMemory<byte> part in read.Buffer)
                    whole.Write(part.Span);
            }
            body.AdvanceTo(read.Buffer.End);
            if (!read.IsCompleted && length <= ReadBytesMax)
                continue;
            if (length > AnswerBytesMax)
                return null;                                  // not by "? :", which would make an empty memory of it
            return whole.WrittenMemory;
        }
    }
}
