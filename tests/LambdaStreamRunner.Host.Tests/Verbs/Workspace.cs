using System.Reflection;
using System.Text.Json;

namespace LambdaStreamRunner.Host.Tests.Verbs;

/// <summary>A folder of a test's own, with configurations for functions that are built already.</summary>
internal sealed class Workspace : IDisposable
{
    public const string Odd = "OddFunctions::OddFunctions.Handlers::";

    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("lambda-stream-");

    public string Folder => _root.FullName;

    /// <summary>The DLL of a function.</summary>
    public static string DllOf(string assembly) =>
        typeof(Workspace).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(metadata => metadata.Key == assembly).Value!;

    /// <summary>Skips the test when a program is not on the PATH; in CI (variable CI is true) that is a failure.</summary>
    public static void RequireProgram(string program)
    {
        string[] folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        if (folders.Any(folder => File.Exists(Path.Combine(folder, program))))
            return;
        string reason = $"{program} is not installed.";
        Assert.False(Environment.GetEnvironmentVariable("CI") == "true", reason);
        Assert.Skip(reason);
    }

    public string PathOf(string name) => Path.Combine(Folder, name);

    public string Write(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(name))!);
        File.WriteAllText(PathOf(name), text);
        return PathOf(name);
    }

    public string WriteLines(string name, IEnumerable<string> lines) => Write(name, string.Concat(lines.Select(line => line + "\n")));

    /// <summary>A stream "clicks" that one function reads.</summary>
    /// <param name="handler">A method of the odd functions, or a whole handler string.</param>
    /// <param name="mapping">Settings besides the defaults, by AWS's names.</param>
    /// <param name="timeout">Seconds.</param>
    /// <param name="variables">Environment of the function.</param>
    /// <param name="faults">Faults of the stream.</param>
    /// <param name="endpoints">Services that destinations may use.</param>
    /// <param name="hosting">Where the function runs.</param>
    public string Configure(
        string handler, Dictionary<string, object>? mapping = null, int timeout = 30, Dictionary<string, string>? variables = null, object? faults = null,
        object? endpoints = null, string hosting = "InProcess")
    {
        string whole = handler.Contains("::", StringComparison.Ordinal) ? handler : Odd + handler;
        Dictionary<string, object> settings = new(mapping ?? [])
        {
            ["EventSourceArn"] = "clicks",
            ["FunctionName"] = "Clicks",
            ["StartingPosition"] = "TRIM_HORIZON",
        };
        return Write("runner.json", JsonSerializer.Serialize(new
        {
            Streams = new { clicks = new { ShardCount = 1, Faults = faults ?? new { } } },
            Functions = new
            {
                Clicks = new
                {
                    CodeUri = DllOf(whole[..whole.IndexOf("::", StringComparison.Ordinal)]),
                    Handler = whole,
                    Hosting = hosting,
                    Timeout = timeout,
                    Environment = new { Variables = variables ?? [] },
                },
            },
            EventSourceMappings = new[] { settings },
            Endpoints = endpoints ?? new { },
        }));
    }

    public void Dispose() => _root.Delete(recursive: true);
}
