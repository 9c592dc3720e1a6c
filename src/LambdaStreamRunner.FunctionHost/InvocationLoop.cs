using System.Diagnostics;
using LambdaStreamRunner.FunctionHost.RuntimeApi;
using LambdaStreamRunner.Functions;
using LambdaStreamRunner.Functions.Invoking;

namespace LambdaStreamRunner.FunctionHost;

/// <summary>The life of an execution environment after its init: one invocation after the other, all on this thread.</summary>
internal sealed class InvocationLoop(RuntimeApiClient api, BoundFunction function, FunctionSettings settings)
{
    private const string TraceVariable = "_X_AMZN_TRACE_ID";

    private readonly LogWriter _log = new(TimeProvider.System, HostVariables.LogLevel, HostVariables.LogFormat);

    /// <summary>Runs until the Runtime API is gone.</summary>
    public void Run()
    {
        for (Invocation? invocation = api.Next(); invocation is not null;)
        {
            FunctionResult result = Invoke(invocation);
            invocation = result is FunctionResult.Failed failed
                ? api.PostErrorAndNext(invocation.RequestId, failed.Error)
                : api.PostResponseAndNext(invocation.RequestId, ((FunctionResult.Succeeded)result).Answer);
        }
    }

    private FunctionResult Invoke(Invocation invocation)
    {
        if (invocation.TraceId != Environment.GetEnvironmentVariable(TraceVariable))
            Environment.SetEnvironmentVariable(TraceVariable, invocation.TraceId);

        // The event lies in the connection's buffer: what a handler left behind must not read the next one there.
        var input = new EventStream(invocation.Event);
        try
        {
            return function.InvokeAsync(input, ContextOf(invocation)).GetAwaiter().GetResult();
        }
        finally
        {
            input.TakeBack();
        }
    }

    private FunctionContext ContextOf(Invocation invocation)
    {
        TimeSpan atFirst = invocation.Deadline - TimeProvider.System.GetUtcNow();
        return new FunctionContext(settings)
        {
            RequestId = invocation.RequestId,
            InvokedFunctionArn = invocation.InvokedFunctionArn,
            TraceId = invocation.TraceId ?? "",
            // In a debugger the time stands still, so that handlers do not give up.
            RemainingTime = () => Debugger.IsAttached ? atFirst : invocation.Deadline - TimeProvider.System.GetUtcNow(),
            LogLine = _log.Write,
        };
    }
}
