using System.Diagnostics.CodeAnalysis;

namespace LambdaStreamRunner.Host.Verbs;

/// <summary>A file of lines, or standard input.</summary>
internal static class InputFile
{
    /// <summary>Stands for standard input.</summary>
    public const string StandardInput = "-";

    private const int BufferSize = 64 * 1024;

    /// <summary>Opens it for reading from the front.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static Stream Open(string file)
    {
        Stream source = file == StandardInput
            ? Console.OpenStandardInput()
            : new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, BufferSize, FileOptions.SequentialScan);
        return source.CanSeek ? source : new InterruptibleInput(source);
    }

    /// <summary>Looks whether it can be read, before anything is started.</summary>
    public static bool CanRead(string file, [NotNullWhen(false)] out string? mistake)
    {
        mistake = null;
        if (file == StandardInput)
            return true;
        try
        {
            if (Directory.Exists(file))
                mistake = $"'{file}' is a folder; name a file of lines.";
            else
                Open(file).Dispose();
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            mistake = $"'{file}' cannot be read: {unreadable.Message}";
        }
        return mistake is null;
    }
}
