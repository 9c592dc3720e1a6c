namespace LambdaStreamRunner.Runner.Tests.Environments.Processes;

/// <summary>The files that this process has open.</summary>
internal static class OpenFiles
{
    private const int CloseOnExec = 0x80000;

    public static int Count() => Directory.GetFileSystemEntries("/proc/self/fd").Length;

    /// <summary>Numbers of those that whoever started this process has left to it and its children.</summary>
    public static IEnumerable<string> HandedDownToThisProcess() =>
        Directory.GetFiles("/proc/self/fdinfo").Where(file => (Flags(file) & CloseOnExec) == 0).Select(file => Path.GetFileName(file));

    private static int Flags(string file)
    {
        try
        {
            string flags = File.ReadLines(file).First(line => line.StartsWith("flags:", StringComparison.Ordinal));
            return Convert.ToInt32(flags["flags:".Length..].Trim(), 8);
        }
        catch (IOException)
        {
            return CloseOnExec;   // Closed meanwhile.
        }
    }
}
