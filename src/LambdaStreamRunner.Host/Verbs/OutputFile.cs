namespace LambdaStreamRunner.Host.Verbs;

/// <summary>A file that is written at the end of all work.</summary>
internal static class OutputFile
{
    /// <summary>What speaks against it before the work begins; null when nothing does.</summary>
    public static string? MistakeIn(string file)
    {
        if (file.Length == 0)
            return "the name is empty; name a file.";
        if (Directory.Exists(file))
            return $"'{file}' is a folder; name a file.";
        string folder = Path.GetDirectoryName(Path.GetFullPath(file))!;
        if (!Directory.Exists(folder))
            return $"the folder of '{file}' does not exist; make it, or name another file.";
        try
        {
            if (File.Exists(file))
                File.OpenHandle(file, FileMode.Open, FileAccess.Write, FileShare.ReadWrite).Dispose();
            return null;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return $"'{file}' cannot be written: {refused.Message}";
        }
    }
}
