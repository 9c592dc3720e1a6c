using LambdaStreamRunner.Functions;

namespace LambdaStreamRunner.Runner.Environments.Runtimes;

/// <summary>Files that the system itself runs.</summary>
internal static class ExecutableFile
{
    private const UnixFileMode Execute = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>Refuses a file whose mode does not let it run.</summary>
    /// <exception cref="FunctionLoadException">It is not executable.</exception>
    public static void Require(string path)
    {
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & Execute) == 0)
            throw new FunctionLoadException($"'{path}' is not executable: chmod +x it, also in what you deploy.");
    }
}
