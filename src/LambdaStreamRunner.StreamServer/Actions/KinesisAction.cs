using System.Buffers;
using System.Collections.Immutable;
using LambdaStreamRunner.StreamServer.Protocol;

namespace LambdaStreamRunner.StreamServer.Actions;

/// <summary>One action of the Kinesis API.</summary>
internal abstract class KinesisAction
{
    /// <summary>AWS's name: what stands behind the dot of X-Amz-Target.</summary>
    public string Name => GetType().Name;

    /// <summary>The request's members; others are ignored, as AWS does.</summary>
    public abstract ImmutableArray<Member> Members { get; }

    /// <summary>Does it, and writes the answer's JSON; writes nothing when the action has no answer.</summary>
    /// <param name="request">Has passed type check and validation.</param>
    /// <param name="service">The streams and tokens.</param>
    /// <param name="answer">Takes the body.</param>
    /// <exception cref="KinesisException">The error to answer.</exception>
    public abstract void Execute(Arguments request, KinesisService service, IBufferWriter<byte> answer);

    /// <summary>Does it; the answer may be sent when the task has ended, which needs the request no more.</summary>
    /// <inheritdoc cref="Execute"/>
    public virtual Task ExecuteAsync(Arguments request, KinesisService service, IBufferWriter<byte> answer)
    {
        Execute(request, service, answer);
        return Task.CompletedTask;
    }
}
