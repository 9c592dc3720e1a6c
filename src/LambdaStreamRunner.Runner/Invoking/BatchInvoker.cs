using System.Buffers;
using System.Diagnostics;
using LambdaStreamRunner.Core.Contracts;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Core.Mappings.Batching;
using LambdaStreamRunner.Core.Streams;
using LambdaStreamRunner.Functions.Invoking;

namespace LambdaStreamRunner.Runner.Invoking;

/// <summary>Gives batches to a function, wherever it runs: writes the event, invokes, reads the answer.</summary>
public sealed class BatchInvoker : IFunctionInvoker
{
    private readonly EventSourceMapping _mapping;
    private readonly KinesisEventWriter _events;
    private readonly IFunctionLane[] _lanes;
    private readonly string _functionArn;

    /// <summary>An invoker for one shard of a mapping, with a lane of calls for each of its lanes.</summary>
    public BatchInvoker(EventSourceMapping mapping, IFunction function, string functionArn, KinesisEventWriter events)
    {
        (_mapping, _functionArn, _events) = (mapping, functionArn, events);
        _lanes = [.. Enumerable.Range(0, mapping.ParallelizationFactor).Select(_ => function.OpenLane())];
    }

    /// <summary>Attempts that were started while an earlier one of their lane, past its deadline, was still running.</summary>
    public int OverlappingCalls => _lanes.Sum(lane => lane.OverlappingCalls);

    /// <summary>Hears of it when the function never ran; nobody by default.</summary>
    public Action<FunctionResult.Refused>? Refused { get; init; }

    /// <inheritdoc/>
    public async Task<BatchOutcome> InvokeAsync(Batch batch, CancellationToken abandon)
    {
        ReadOnlyMemory<StreamRecord> records = batch.Records;
        byte[] memory = ArrayPool<byte>.Shared.Rent(_events.Measure(records.Span, batch.Window));
        try
        {
            int length = _events.Write(records.Span, memory, batch.Window);
            var invocation = new FunctionInvocation(batch.RequestId, _functionArn);
            FunctionResult result = await _lanes[batch.Lane].InvokeAsync(memory.AsMemory(0, length), invocation, abandon);
            if (result is FunctionResult.Refused refused)
                Refused?.Invoke(refused);
            return OutcomeOf(result, records.Span, _mapping);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(memory);
        }
    }

    /// <summary>What a result means for the batch.</summary>
    public static BatchOutcome OutcomeOf(FunctionResult result, ReadOnlySpan<StreamRecord> records, EventSourceMapping mapping) => result switch
    {
        FunctionResult.Succeeded answered => BatchResponseReader.Read(answered.Answer.Span, records, mapping),
        FunctionResult.Failed failed => new BatchOutcome.Failed(failed.Error.ToString()),
        FunctionResult.TimedOut late => new BatchOutcome.Failed(late.Message),
        FunctionResult.Refused refused => new BatchOutcome.Throttled(refused.Reason),
        _ => throw new UnreachableException(),
    };
}
