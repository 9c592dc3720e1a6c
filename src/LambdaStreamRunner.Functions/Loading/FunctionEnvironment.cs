using System.Globalization;
using LambdaStreamRunner.Functions.Binding;

namespace LambdaStreamRunner.Functions.Loading;

/// <summary>Environment variables of in-process functions: the process has one set, so it must be set before the first load.</summary>
public static class FunctionEnvironment
{
    /// <summary>The least level that a handler's logger writes, as this process is told it now, by .NET's name or Lambda's; null when it is told none.</summary>
    /// <remarks>The first variable is that of the .NET runtime, the second that of all. AWS: <see href="https://docs.aws.amazon.com/lambda/latest/dg/csharp-logging.html"/>.</remarks>
    public static string? LogLevel => Value("AWS_LAMBDA_HANDLER_LOG_LEVEL") ?? Value("AWS_LAMBDA_LOG_LEVEL");

    /// <summary>Sets variables for this process.</summary>
    public static void Set(IEnumerable<KeyValuePair<string, string>> variables)
    {
        foreach ((string name, string value) in variables)
            Environment.SetEnvironmentVariable(name, value);
    }

    /// <summary>Takes variables out of this process again.</summary>
    public static void Remove(IEnumerable<string> names)
    {
        foreach (string name in names)
            Environment.SetEnvironmentVariable(name, null);
    }

    /// <summary>What Lambda itself tells a function; only for a process with a single function, since all share it.</summary>
    /// <remarks>AWS: <see href="https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html"/>.</remarks>
    public static IReadOnlyDictionary<string, string> ReservedFor(FunctionSettings settings, HandlerName handler, string assemblyPath) =>
        new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["_HANDLER"] = handler.ToString(),
            ["AWS_LAMBDA_FUNCTION_NAME"] = settings.FunctionName,
            ["AWS_LAMBDA_FUNCTION_VERSION"] = settings.FunctionVersion,
            ["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"] = settings.MemorySize.ToString(CultureInfo.InvariantCulture),
            ["AWS_LAMBDA_LOG_GROUP_NAME"] = settings.LogGroupName,
            ["AWS_LAMBDA_LOG_STREAM_NAME"] = settings.LogStreamName,
            ["AWS_LAMBDA_INITIALIZATION_TYPE"] = "on-demand",
            ["LAMBDA_TASK_ROOT"] = Path.GetDirectoryName(assemblyPath) ?? "",
        };

    private static string? Value(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
