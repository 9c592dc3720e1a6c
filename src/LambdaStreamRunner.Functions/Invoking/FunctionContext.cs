namespace LambdaStreamRunner.Functions.Invoking;

/// <summary>The facts behind the <c>ILambdaContext</c> of one invocation.</summary>
/// <param name="settings">What does not change between invocations.</param>
public sealed class FunctionContext(FunctionSettings settings)
{
    /// <summary>What does not change between invocations.</summary>
    public FunctionSettings Settings { get; } = settings;

    /// <summary>AwsRequestId: the same for every attempt at identical records.</summary>
    public required string RequestId { get; init; }

    /// <summary>InvokedFunctionArn, with the alias of the mapping if it names one.</summary>
    public required string InvokedFunctionArn { get; init; }

    /// <summary>X-Ray's trace header; empty, the default, when nothing is traced.</summary>
    public string TraceId { get; init; } = "";

    /// <summary>Answers RemainingTime: deadline minus now, whenever the handler asks.</summary>
    public required Func<TimeSpan> RemainingTime { get; init; }

    /// <summary>Receives what the handler writes to its logger; lines are dropped when null.</summary>
    public Action<FunctionLogLine>? LogLine { get; init; }

    internal void Log(string level, string text) => LogLine?.Invoke(new FunctionLogLine(Settings.FunctionName, RequestId, level, text));
}
