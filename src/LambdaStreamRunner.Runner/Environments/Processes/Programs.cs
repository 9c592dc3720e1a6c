using System.Text;
using LambdaStreamRunner.Functions;

namespace LambdaStreamRunner.Runner.Environments.Processes;

/// <summary>Finds the program of a start before anything is started, so that what is missing is said in a sentence and not by an exit code.</summary>
internal static class Programs
{
    private const int FirstLineBytesMax = 256;
    private const UnixFileMode AnyExecute = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>The full path of a program.</summary>
    /// <param name="command">A path (relative to <paramref name="workingDirectory"/>), or a name.</param>
    /// <param name="searchPath">Folders that may hold a name, as in the variable PATH.</param>
    /// <param name="workingDirectory">Where the process will run.</param>
    /// <exception cref="FunctionLoadException">It is missing or cannot be executed; the message says what to do.</exception>
    public static string Find(string command, string searchPath, string workingDirectory)
    {
        if (!Directory.Exists(workingDirectory))
            throw new FunctionLoadException($"The function's folder {workingDirectory} does not exist, so {command} cannot run in it: build the function, or correct its path.");
        if (!command.Contains(Path.DirectorySeparatorChar))
            return FindByName(command, searchPath) ?? throw new FunctionLoadException($"{command} is not on the PATH: install it, or add its folder to the PATH of this program or to the function's Environment.");
        string path = Path.GetFullPath(command, workingDirectory);
        if (!File.Exists(path))
            throw new FunctionLoadException($"{path} does not exist: build the function, or correct its path.");
        if (!IsExecutable(path))
            throw new FunctionLoadException($"{path} is not executable: run chmod +x on it.");
        RequireInterpreter(path);
        return path;
    }

    /// <summary>The full path of a program by its name, or null.</summary>
    public static string? FindByName(string name, string searchPath) =>
        searchPath.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Where(Path.IsPathFullyQualified)
            .SelectMany(folder => Candidates(Path.Combine(folder, name)))
            .FirstOrDefault(path => File.Exists(path) && IsExecutable(path));

    private static IEnumerable<string> Candidates(string path) => OperatingSystem.IsWindows() ? [path, path + ".exe", path + ".cmd"] : [path];

    private static bool IsExecutable(string path) => OperatingSystem.IsWindows() || (File.GetUnixFileMode(path) & AnyExecute) != 0;

    /// <summary>A script whose interpreter is missing fails with a message that names the script: here is the truth.</summary>
    private static void RequireInterpreter(string path)
    {
        string first = FirstLine(path);
        if (OperatingSystem.IsWindows() || !first.StartsWith("#!", StringComparison.Ordinal))
            return;
        if (first.EndsWith('\r'))
            throw new FunctionLoadException($"{path} has Windows line ends, so its first line {first.TrimEnd()} names no program: save it with line ends of Unix.");
        string interpreter = first[2..].Trim().Split([' ', '\t'])[0];
        if (Path.IsPathFullyQualified(interpreter) && !File.Exists(interpreter))
            throw new FunctionLoadException($"{path} begins with {first.Trim()}, and {interpreter} does not exist: install it, or change that line.");
    }

    private static string FirstLine(string path)
    {
        if (!TryRead(path, out byte[] beginning))
            return "";
        int end = Array.IndexOf(beginning, (byte)'\n');
        return Encoding.UTF8.GetString(beginning, 0, end < 0 ? 0 : end);
    }

    /// <summary>False for a program that may be executed and not be read.</summary>
    private static bool TryRead(string path, out byte[] beginning)
    {
        beginning = [];
        try
        {
            using FileStream file = File.OpenRead(path);
            var bytes = new byte[FirstLineBytesMax];
            beginning = bytes[..file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false)];
            return true;
        }
        catch (UnauthorizedAccessException)
        {
            return false;
        }
    }
}
