using System.Collections.Immutable;
using System.Globalization;
using LambdaStreamRunner.Functions;

namespace LambdaStreamRunner.Runner.Environments;

/// <summary>What Lambda tells each environment by variables.</summary>
/// <remarks>AWS: <see href="https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html"/>.</remarks>
internal static class EnvironmentVariables
{
    /// <summary>The plan's variables, and over them Lambda's own.</summary>
    public static ImmutableDictionary<string, string> Of(EnvironmentPlan plan, FunctionSettings settings, string region, string runtimeApi, string folder) => plan.Variables.SetItems(
        new Dictionary<string, string>
        {
            ["AWS_LAMBDA_RUNTIME_API"] = runtimeApi,
            ["_HANDLER"] = plan.Handler,
            ["LAMBDA_TASK_ROOT"] = plan.TaskRoot,
            ["AWS_LAMBDA_FUNCTION_NAME"] = settings.FunctionName,
            ["AWS_LAMBDA_FUNCTION_VERSION"] = settings.FunctionVersion,
            ["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"] = settings.MemorySize.ToString(CultureInfo.InvariantCulture),
            ["AWS_LAMBDA_LOG_GROUP_NAME"] = settings.LogGroupName,
            ["AWS_LAMBDA_LOG_STREAM_NAME"] = settings.LogStreamName,
            ["AWS_LAMBDA_INITIALIZATION_TYPE"] = "on-demand",
            ["AWS_REGION"] = region,
            ["AWS_DEFAULT_REGION"] = region,
            ["TZ"] = plan.Variables.GetValueOrDefault("TZ", ":UTC"),
            ["TMPDIR"] = folder,                              // what stands for /tmp, each in its own
            ["TMP"] = folder,
            ["TEMP"] = folder,
        });
}
