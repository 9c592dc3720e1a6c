using LambdaStreamRunner.Functions.Binding;

namespace LambdaStreamRunner.Functions.Invoking;

/// <summary>A handler that is loaded, checked and compiled: bytes in, bytes or an error out. It knows no deadline.</summary>
public sealed class BoundFunction
{
    private readonly CompiledHandler _handler;
    private readonly Func<FunctionContext, object>? _contextOf;

    internal BoundFunction(string handler, string signature, CompiledHandler compiled, Func<FunctionContext, object>? contextOf)
    {
        Handler = handler;
        Signature = signature;
        _handler = compiled;
        _contextOf = contextOf;
    }

    /// <summary>The handler string, or the method behind a delegate.</summary>
    public string Handler { get; }

    /// <summary>The method as C# writes it, for people.</summary>
    public string Signature { get; }

    /// <summary>Calls the handler on this thread; a handler's exception is a result.</summary>
    /// <param name="eventJson">The event; it must stay as it is until the task has ended.</param>
    /// <param name="context">The facts of this invocation.</param>
    /// <returns><see cref="FunctionResult.Succeeded"/> or <see cref="FunctionResult.Failed"/>; the task never fails.</returns>
    public Task<FunctionResult> InvokeAsync(ReadOnlyMemory<byte> eventJson, FunctionContext context) => InvokeAsync(new EventStream(eventJson), context);

    internal async Task<FunctionResult> InvokeAsync(EventStream input, FunctionContext context)
    {
        try
        {
            return new FunctionResult.Succeeded(await _handler(input, _contextOf?.Invoke(context)));
        }
        catch (AnswerTooLargeException tooLarge)
        {
            return new FunctionResult.Failed(new FunctionError(AnswerTooLargeException.ErrorType, tooLarge.Message, []));
        }
#pragma warning disable CA1031 // Whatever user code throws is its answer, not our fault.
        catch (Exception thrown)
#pragma warning restore CA1031
        {
            return new FunctionResult.Failed(FunctionError.From(thrown));
        }
    }
}
