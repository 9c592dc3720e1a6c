using System.Globalization;
using LambdaStreamRunner.Functions;
using LambdaStreamRunner.Functions.Loading;

namespace LambdaStreamRunner.FunctionHost;

/// <summary>What an execution environment is told through its variables.</summary>
/// <remarks>AWS: <see href="https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html"/>, "Defined runtime environment variables".</remarks>
internal static class HostVariables
{
    /// <summary>Host and port of the Runtime API; null when there is none.</summary>
    public static string? RuntimeApi => Value("AWS_LAMBDA_RUNTIME_API");

    /// <summary>The handler string.</summary>
    public static string Handler => Value("_HANDLER") ?? "";

    /// <summary>True when the process should wait for a debugger before it loads the function.</summary>
    public static bool WaitForDebugger => Value("LAMBDA_STREAM_WAIT_FOR_DEBUGGER") == "1";

    /// <summary>The least level that is logged, by .NET's name or Lambda's; null when none is named.</summary>
    public static string? LogLevel => FunctionEnvironment.LogLevel;

    /// <summary>What the function is told about itself; Lambda's defaults for what is not set.</summary>
    public static FunctionSettings Settings()
    {
        var defaults = new FunctionSettings { FunctionName = Value("AWS_LAMBDA_FUNCTION_NAME") ?? "function" };
        return defaults with
        {
            FunctionVersion = Value("AWS_LAMBDA_FUNCTION_VERSION") ?? defaults.FunctionVersion,
            MemorySize = int.TryParse(Value("AWS_LAMBDA_FUNCTION_MEMORY_SIZE"), CultureInfo.InvariantCulture, out int megabytes) ? megabytes : defaults.MemorySize,
            LogStreamName = Value("AWS_LAMBDA_LOG_STREAM_NAME") ?? defaults.LogStreamName,
        };
    }

    private static string? Value(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
