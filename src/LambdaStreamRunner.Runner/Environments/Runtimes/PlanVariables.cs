using System.Collections.Immutable;
using LambdaStreamRunner.Runner.Configuration;

namespace LambdaStreamRunner.Runner.Environments.Runtimes;

/// <summary>The variables that are the same in all environments of a function.</summary>
/// <remarks>AWS: <see href="https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html"/>.</remarks>
internal static class PlanVariables
{
    /// <summary>
    /// Those that a function cannot set, since Lambda does. Credentials are not among them: Lambda's own would come from a role,
    /// and here there is none.
    /// </summary>
    private static readonly ImmutableHashSet<string> Reserved =
    [
        "_HANDLER", "_X_AMZN_TRACE_ID", "AWS_DEFAULT_REGION", "AWS_EXECUTION_ENV", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "AWS_LAMBDA_FUNCTION_NAME",
        "AWS_LAMBDA_FUNCTION_VERSION", "AWS_LAMBDA_INITIALIZATION_TYPE", "AWS_LAMBDA_LOG_GROUP_NAME", "AWS_LAMBDA_LOG_STREAM_NAME",
        "AWS_LAMBDA_RUNTIME_API", "AWS_REGION", "LAMBDA_RUNTIME_DIR", "LAMBDA_TASK_ROOT",
    ];

    /// <summary>Lambda's, then what finds layers, then the function's own.</summary>
    /// <param name="function">The function.</param>
    /// <param name="layers">Its layers.</param>
    /// <param name="taskRoot">Folder of its code.</param>
    /// <param name="runtimeFolder">LAMBDA_RUNTIME_DIR.</param>
    /// <param name="executionEnvironment">The runtime that AWS_EXECUTION_ENV names; null for one that the function brings, which has none.</param>
    /// <param name="language">What the language needs; the function's own values win.</param>
    public static ImmutableDictionary<string, string> Of(
        FunctionConfiguration function, LayerFolders layers, string taskRoot, string runtimeFolder, string? executionEnvironment, params IEnumerable<(string Name, string Value)> language)
    {
        var variables = ImmutableDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        Append(variables, "PATH", layers.Folders("bin"));
        Append(variables, "LD_LIBRARY_PATH", [taskRoot, .. FolderIfThere(taskRoot, "lib"), .. layers.Folders("lib")]);
        foreach ((string name, string value) in language)
            variables[name] = value;
        foreach ((string name, string value) in function.EnvironmentVariables.Where(variable => !Reserved.Contains(variable.Key)))
            variables[name] = value;
        foreach ((string name, string value) in Logging(function.Logging))
            variables[name] = value;
        variables["LAMBDA_RUNTIME_DIR"] = runtimeFolder;
        if (executionEnvironment is not null)
            variables["AWS_EXECUTION_ENV"] = $"AWS_Lambda_{executionEnvironment}";
        return variables.ToImmutable();
    }

    /// <summary>A list of folders as variables have it.</summary>
    public static string Joined(IEnumerable<string> folders) => string.Join(Path.PathSeparator, folders.Where(folder => folder.Length > 0));

    // A function without a LoggingConfig may ask its runtime by itself: the variables are its own then.
    private static IEnumerable<(string Name, string Value)> Logging(FunctionLogging logging)
    {
        if (logging.LogFormat is FunctionLogFormat.Text)
            yield break;
        yield return ("AWS_LAMBDA_LOG_FORMAT", "JSON");
        yield return ("AWS_LAMBDA_LOG_LEVEL", logging.LeastOfApplication.ToString().ToUpperInvariant());
    }

    private static void Append(ImmutableDictionary<string, string>.Builder variables, string name, IEnumerable<string> folders)
    {
        string[] added = [.. folders];
        if (added.Length > 0)
            variables[name] = Joined([Environment.GetEnvironmentVariable(name) ?? "", .. added]);
    }

    private static IEnumerable<string> FolderIfThere(string folder, string name)
    {
        string path = Path.Combine(folder, name);
        return Directory.Exists(path) ? [path] : [];
    }
}
