using LambdaStreamRunner.Functions;

namespace LambdaStreamRunner.Runner.Environments.Runtimes;

/// <summary>The files that environments run beside the function's own; they lie beside this program.</summary>
internal static class RuntimeFiles
{
    /// <summary>The folder of a language's runtime: LAMBDA_RUNTIME_DIR.</summary>
    public static string FolderOf(string language) => Path.Combine(AppContext.BaseDirectory, "lambda-runtimes", language);

    /// <summary>Full path of a file of a language's runtime.</summary>
    /// <exception cref="FunctionLoadException">It is not there.</exception>
    public static string Find(string language, string name)
    {
        string path = Path.Combine(FolderOf(language), name);
        if (!File.Exists(path))
            throw new FunctionLoadException($"'{path}' is missing: this program was not built or copied as a whole. Build or install it again.");
        return path;
    }
}
