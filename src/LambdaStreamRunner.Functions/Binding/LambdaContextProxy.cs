using System.Reflection;
using LambdaStreamRunner.Functions.Invoking;

namespace LambdaStreamRunner.Functions.Binding;

/// <summary>Implements the user's own <c>ILambdaContext</c>, whatever version it has.</summary>
/// <remarks>A member that we do not know, since it is newer than this runner, answers null or 0.</remarks>
internal sealed class LambdaContextProxy
{
    private readonly object? _serializer;
    private readonly Func<MemberAnswer, object> _newContext;
    private readonly Func<MemberAnswer, object>? _newLogger;

    /// <summary>Prepares contexts of the user's type.</summary>
    /// <param name="contextType">ILambdaContext as loaded with the user's assembly.</param>
    /// <param name="serializer">Answers the Serializer property.</param>
    public LambdaContextProxy(Type contextType, object? serializer)
    {
        _serializer = serializer;
        _newContext = AnsweringProxy.FactoryFor(contextType);
        _newLogger = contextType.GetProperty("Logger")?.PropertyType is { IsInterface: true } logger ? AnsweringProxy.FactoryFor(logger) : null;
    }

    /// <summary>The context of one invocation.</summary>
    public object ContextOf(FunctionContext facts)
    {
        object? logger = null;
        return _newContext((member, _) => member.Name == "get_Logger" ? logger ??= LoggerOf(facts) : Answer(facts, member));
    }

    private object? LoggerOf(FunctionContext facts) => _newLogger?.Invoke(new LambdaLoggerProxy(facts).Answer);

    private object? Answer(FunctionContext facts, MethodInfo member) => member.Name switch
    {
        "get_AwsRequestId" => facts.RequestId,
        "get_FunctionName" => facts.Settings.FunctionName,
        "get_FunctionVersion" => facts.Settings.FunctionVersion,
        "get_InvokedFunctionArn" => facts.InvokedFunctionArn,
        "get_MemoryLimitInMB" => facts.Settings.MemorySize,
        "get_TraceId" => facts.TraceId,
        "get_RemainingTime" => facts.RemainingTime(),
        "get_LogGroupName" => facts.Settings.LogGroupName,
        "get_LogStreamName" => facts.Settings.LogStreamName,
        "get_Serializer" when member.ReturnType.IsInstanceOfType(_serializer) => _serializer,
        _ => DefaultOf(member.ReturnType),
    };

    private static object? DefaultOf(Type type) => type.IsValueType && type != typeof(void) ? Activator.CreateInstance(type) : null;
}
