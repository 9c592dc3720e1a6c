using System.Diagnostics;
using System.Globalization;
using LambdaStreamRunner.Functions;

namespace LambdaStreamRunner.Runner.Environments;

/// <summary>The folder that stands for an environment's /tmp: empty at first, and gone with the environment.</summary>
internal sealed class EnvironmentFolder : IDisposable
{
    private const string Prefix = "lambda-stream-environments-";

    private static readonly Lazy<string> Root = new(CreateRoot, LazyThreadSafetyMode.PublicationOnly);   // one that failed is tried again
    private static int _count;

    private EnvironmentFolder(string path) => Path = path;

    /// <summary>Its full path.</summary>
    public string Path { get; }

    /// <summary>Makes a new one.</summary>
    public static EnvironmentFolder Create()
    {
        string path = System.IO.Path.Combine(Root.Value, Interlocked.Increment(ref _count).ToString(CultureInfo.InvariantCulture));
        Directory.CreateDirectory(path);
        return new EnvironmentFolder(path);
    }

    /// <summary>Removes it with all that is in it; a file that cannot be removed stays.</summary>
    public void Dispose()
    {
        try
        {
            Directory.Delete(Path, recursive: true);
        }
        catch (Exception held) when (held is IOException or UnauthorizedAccessException)
        {
            // By somebody else, or without permission: the next start removes it.
        }
    }

    /// <summary>Removes what this user's runners have left that were killed.</summary>
    /// <remarks>Somebody else could put links into a folder of theirs while it is being removed, to what only this user may remove.</remarks>
    /// <param name="temporary">Folder for temporary files, perhaps of all users.</param>
    internal static void RemoveLeft(string temporary)
    {
        foreach (string left in Directory.EnumerateDirectories(temporary, $"{Prefix}*"))
        {
            if (int.TryParse(System.IO.Path.GetFileName(left)[Prefix.Length..].Split('-')[0], CultureInfo.InvariantCulture, out int process)
                && !IsAlive(process) && FileOwner.IsThisUser(left))
                new EnvironmentFolder(left).Dispose();
        }
    }

    // One for each process, by its id: what a process has left that was killed is removed by the next.
    private static string CreateRoot()
    {
        string temporary = System.IO.Path.GetTempPath();
        try
        {
            RemoveLeft(temporary);
            string root = Directory.CreateTempSubdirectory($"{Prefix}{Environment.ProcessId}-").FullName;
            AppDomain.CurrentDomain.ProcessExit += (_, _) => new EnvironmentFolder(root).Dispose();
            return root;
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException)
        {
            throw new FunctionLoadException($"Its folder for temporary files cannot be made in '{temporary}': {wrong.Message} Let TMPDIR (on Windows TMP) name a folder that can be written, and start again.", wrong);
        }
    }

    private static bool IsAlive(int process)
    {
        try
        {
            using var _ = Process.GetProcessById(process);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
