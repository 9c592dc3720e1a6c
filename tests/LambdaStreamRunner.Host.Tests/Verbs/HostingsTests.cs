using System.Text.Json;

namespace LambdaStreamRunner.Host.Tests.Verbs;

/// <summary><c>config/hostings.json</c>: one function in this process, and in processes as a .NET library and program, in Python and in JavaScript, on one stream at once.</summary>
public sealed class HostingsTests : IDisposable
{
    private readonly Workspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public async Task All_report_the_same_counts_and_none_breaks_the_order()
    {
        Workspace.RequireProgram("python3");
        Workspace.RequireProgram("node");

        (int exitCode, string json, string error) = await LambdaStream.RunAsync(
            _workspace, "run", "--config", Configure(), "--port", "0", "--until-drained", "--in-memory", "--json");

        Assert.True(exitCode == 1, error);                    // one line of the data is cut off
        JsonElement summary = JsonSerializer.Deserialize<JsonElement>(json);
        JsonElement[] mappings = [.. summary.GetProperty("mappings").EnumerateArray()];
        Assert.Equal(["InProcess", "Library", "Executable", "Python", "Node"], mappings.Select(mapping => mapping.GetProperty("function").GetString()));
        Assert.All(mappings, mapping => Assert.Equal("2000 1999 1 0 0", string.Join(' ', ((string[])["records", "succeeded", "discarded", "unsettled", "orderViolations"]).Select(name => LambdaStream.Count(mapping, name)))));
        JsonElement[] functions = [.. summary.GetProperty("functions").EnumerateArray()];
        Assert.Equal(["Executable", "Library", "Node", "Python"], functions.Select(function => function.GetProperty("name").GetString()));
        Assert.All(functions, function =>
        {
            Assert.InRange(LambdaStream.Count(function, "coldStarts"), 1, 4);    // two shards with two lanes each
            Assert.InRange(LambdaStream.Count(function.GetProperty("initMs"), "max"), 1, 10_000);
            Assert.InRange(LambdaStream.Count(function, "maxEnvironments"), 1, 4);
            Assert.Equal(0, LambdaStream.Count(function, "crashed") + LambdaStream.Count(function, "timedOut") + LambdaStream.Count(function, "failedInits"));
        });
        string[] discarded = await File.ReadAllLinesAsync(_workspace.PathOf("failed/hostings.jsonl"), TestContext.Current.CancellationToken);
        Assert.Equal(5, discarded.Length);
        Assert.Single(discarded.Select(StartOf).Distinct());
    }

    // As it is, with code that is built already: how long a build takes is no matter of this test.
    private string Configure()
    {
        string file = Workspace.DllOf("Hostings");
        string config = Path.GetDirectoryName(file)!;
        return _workspace.Write("hostings.json", File.ReadAllText(file)
            .Replace("\"../functions/AccessLog\"", JsonSerializer.Serialize(Workspace.DllOf("AccessLog")), StringComparison.Ordinal)
            .Replace("\"../functions/AccessLogExecutable\"", JsonSerializer.Serialize(Workspace.DllOf("AccessLogExecutable")), StringComparison.Ordinal)
            .Replace("\"../functions/", $"\"{config}/../functions/", StringComparison.Ordinal)
            .Replace("\"data/", $"\"{config}/data/", StringComparison.Ordinal));
    }

    private static string StartOf(string document) =>
        JsonSerializer.Deserialize<JsonElement>(document).GetProperty("KinesisBatchInfo").GetProperty("startSequenceNumber").GetString()!;
}
