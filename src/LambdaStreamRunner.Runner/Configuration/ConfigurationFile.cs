using LambdaStreamRunner.Runner.Configuration.Sections;
using LambdaStreamRunner.Runner.Configuration.Syntax;

namespace LambdaStreamRunner.Runner.Configuration;

/// <summary>The door of the configuration: a JSON file in AWS's own words goes in, a validated model or every mistake comes out.</summary>
public static class ConfigurationFile
{
    /// <summary>Largest file that is read; far above any real one.</summary>
    public const int BytesMax = 4 << 20;

    /// <summary>Reads a file, and checks that what it names is there.</summary>
    /// <param name="path">The file; paths inside are relative to it.</param>
    /// <param name="overrides">What the command line says.</param>
    /// <param name="now">For timestamps that must not lie in the future.</param>
    public static ConfigurationResult Read(string path, ConfigurationOverrides overrides, DateTimeOffset now)
    {
        string file = Path.GetFullPath(path);
        try
        {
            if (!File.Exists(file))
                return Refuse($"There is no file '{path}'. Name the configuration with --config PATH.");
            if (new FileInfo(file).Length > BytesMax)
                return Refuse($"The file '{path}' is larger than {BytesMax} bytes. Is it the configuration?");
            return Parse(File.ReadAllBytes(file), Path.GetDirectoryName(file)!, overrides, now, NamedFilesAre.Checked);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return Refuse($"The file '{path}' cannot be read: {unreadable.Message}");
        }
    }

    /// <summary>Reads a text, without looking at the files that it names.</summary>
    /// <param name="utf8">JSON; comments and trailing commas are allowed.</param>
    /// <param name="folder">Absolute folder that paths are relative to.</param>
    /// <param name="overrides">What the command line says.</param>
    /// <param name="now">For timestamps that must not lie in the future.</param>
    public static ConfigurationResult Parse(ReadOnlySpan<byte> utf8, string folder, ConfigurationOverrides overrides, DateTimeOffset now) =>
        Parse(utf8, folder, overrides, now, NamedFilesAre.Trusted);

    private static ConfigurationResult Parse(
        ReadOnlySpan<byte> utf8, string folder, ConfigurationOverrides overrides, DateTimeOffset now, NamedFilesAre namedFiles)
    {
        if (JsonTree.Read(utf8, out ConfigurationProblem? problem) is not JsonValue root)
            return new ConfigurationResult { Errors = [problem!] };
        if (root is not JsonValue.Object at)
            return Refuse($"The file holds {root.Quoted}; write an object in braces.");

        var reading = new Reading(folder, overrides, now);
        RunnerConfiguration configuration = RootSection.Read(at, reading);
        if (namedFiles is NamedFilesAre.Checked)
            Check(reading);
        return new ConfigurationResult
        {
            Configuration = reading.Problems.AreHarmless ? configuration : null,
            Errors = reading.Problems.Errors,
            Warnings = reading.Problems.Warnings,
        };
    }

    private static void Check(Reading reading)
    {
        foreach (NamedFile file in reading.NamedFiles)
        {
            if (file.Complaint() is string complaint)
                reading.Problems.Error(file.At, complaint);
        }
    }

    private static ConfigurationResult Refuse(string reason) => new() { Errors = [new ConfigurationProblem("", null, reason)] };

    private enum NamedFilesAre
    {
        Trusted,
        Checked,
    }
}
