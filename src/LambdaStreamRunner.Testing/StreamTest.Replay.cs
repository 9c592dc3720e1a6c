using LambdaStreamRunner.Testing.Exploring;
using LambdaStreamRunner.Testing.Worlds;

namespace LambdaStreamRunner.Testing;

/// <content>Failures on disk.</content>
public sealed partial class StreamTest
{
    /// <summary>How replay files end.</summary>
    public const string ReplayFileExtension = ".lambdastream";

    private StoredTest? _stored;

    /// <summary>Where failures are written.</summary>
    /// <value>The environment variable LAMBDA_STREAM_FAILURES, or the folder TestResults beside the test's assembly.</value>
    public static string ReplayFolder =>
        Environment.GetEnvironmentVariable("LAMBDA_STREAM_FAILURES") is { Length: > 0 } folder ? folder : Path.Combine(AppContext.BaseDirectory, "TestResults");

    /// <summary>A stored failure, or the journal of a real run (<c>lambda-stream run --journal FILE</c>): <c>StreamTest.Replay(file).For(handler).RunAsync()</c>.</summary>
    /// <param name="file">The file; a relative path is looked for beside the test's assembly, then in the current folder.</param>
    /// <param name="mapping">Which mapping of the file, by its name (such as "clicks → AccessLog") or its function's; null when it has only one.</param>
    /// <exception cref="StreamTestException">There is none, or it cannot be read.</exception>
    public static StoredFailure Replay(string file, string? mapping = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(file);
        string beside = Path.Combine(AppContext.BaseDirectory, file);
        return new StoredFailure(ReplayFile.Read(File.Exists(beside) ? beside : file, mapping));
    }

    /// <summary>The stored failures of a folder, for MemberData (xunit), TestCaseSource (NUnit) and DynamicData (MSTest).</summary>
    /// <param name="pattern">Such as failures/*.lambdastream: a folder beside the test's assembly, and names with * and ?.</param>
    /// <returns>For each file its path, as the only argument of a test. None when there are no files, or no folder yet.</returns>
    public static IEnumerable<object[]> ReplayFiles(string pattern)
    {
        ArgumentException.ThrowIfNullOrEmpty(pattern);
        string folder = Path.Combine(AppContext.BaseDirectory, Path.GetDirectoryName(pattern) ?? "");
        return Directory.Exists(folder)
            ? [.. Directory.GetFiles(folder, Path.GetFileName(pattern)).Order(StringComparer.Ordinal).Select(file => new object[] { file })]
            : [];
    }

    internal StreamTest Again(StoredTest stored)
    {
        _stored = stored;
        return With(stored.ToScenario(_scenario));
    }

    private Task<Trial?> RunStoredAsync(StoredTest stored) => WorldThread.RunAsync<Trial?>(() =>
    {
        Trial trial = stored.Steps.IsEmpty
            ? Trial.Of(_scenario, _expectations, new Choosing.ReplayChooser(stored.Schedule), stored.Seed)
            : Trial.Of(_scenario, _expectations, [.. stored.Steps.Select(step => step.ToStep())], stored.Seed);
        return trial.Broken.IsEmpty ? null : trial;
    }, _scenario);
}
