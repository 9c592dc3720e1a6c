using System.Buffers;
using LambdaStreamRunner.StreamServer.Protocol;

namespace LambdaStreamRunner.StreamServer.Actions;

/// <summary>An action on records. Its answer may have to wait: for the disk, or because the stream rehearses latency.</summary>
internal abstract class DataAction : KinesisAction
{
    /// <inheritdoc/>
    public sealed override void Execute(Arguments request, KinesisService service, IBufferWriter<byte> answer) =>
        ExecuteAsync(request, service, answer).GetAwaiter().GetResult();

    /// <inheritdoc/>
    public abstract override Task ExecuteAsync(Arguments request, KinesisService service, IBufferWriter<byte> answer);
}
