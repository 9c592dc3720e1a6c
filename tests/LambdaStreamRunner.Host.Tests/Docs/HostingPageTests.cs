using System.Buffers;
using System.CommandLine;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using LambdaStreamRunner.Functions.Invoking;
using LambdaStreamRunner.Host.Logs;
using LambdaStreamRunner.Host.Tests.Verbs;
using LambdaStreamRunner.Host.Verbs;
using LambdaStreamRunner.Runner.Configuration;
using Microsoft.Extensions.Time.Testing;

namespace LambdaStreamRunner.Host.Tests.Docs;

/// <summary>The examples of docs/hosting.md are what the program takes and writes. <see cref="HostingsTests"/> runs its configuration.</summary>
public partial class HostingPageTests
{
    private const string RequestId = "e33624d6-2a21-4cd1-a0ae-538c3f4b439c";
    private const string LogStream = "2026/11/27/[$LATEST]69bc6050a91b4eb892154c042fd92755";

    private static readonly JsonSerializerOptions Lenient = new() { ReadCommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    private static readonly string Page = File.ReadAllText(Workspace.DllOf("HostingPage"));

    private static readonly FunctionLogLine Line = new("Python", RequestId, "Information", "Counted 100 hits.");

    private static readonly InitReport Init = new() { FunctionName = "Python", LogStreamName = LogStream, Duration = TimeSpan.FromMilliseconds(84.1) };

    private static readonly InvocationReport Report = new()
    {
        FunctionName = "Python",
        RequestId = RequestId,
        LogStreamName = LogStream,
        Duration = TimeSpan.FromMilliseconds(3.42),
        MemorySize = 256,
        MaxMemoryUsed = 9,
        InitDuration = Init.Duration,
    };

    [Fact]
    public void Every_command_is_understood()
    {
        var root = new Command("lambda-stream") { RunVerb.Create(), CheckVerb.Create(), MeasureVerb.Create() };
        string[] lines = [.. Blocks("sh").SelectMany(block => block.Split('\n', StringSplitOptions.RemoveEmptyEntries))];

        Assert.Equal(4, lines.Length);
        Assert.All(lines, line => Assert.Empty(root.Parse(line.Split(' ')[1..]).Errors));
    }

    [Fact]
    public void The_log_for_people_is_as_it_is_written()
    {
        var log = new TextLog();

        Assert.Equal(Assert.Single(Blocks("text")), Written(output =>
        {
            log.Write(output, Init);
            log.Write(output, Line);
            log.Write(output, Report);
        }));
    }

    [Fact]
    public void The_log_for_programs_is_as_it_is_written()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 11, 27, 16, 4, 58, TimeSpan.Zero));
        var log = new JsonLog(time);

        Assert.Equal(Time().Replace(Assert.Single(Blocks("json")), ":58.000Z"), Written(output =>
        {
            log.Write(output, Line);
            log.Write(output, Report);
            log.Write(output, Init);
        }));
    }

    [Fact]
    public void The_functions_are_those_of_the_configuration()
    {
        JsonElement shown = JsonSerializer.Deserialize<JsonElement>($"{{{Setting("Functions")}}}", Lenient).GetProperty("Functions");
        JsonElement configured = JsonSerializer.Deserialize<JsonElement>(File.ReadAllText(Workspace.DllOf("Hostings")), Lenient).GetProperty("Functions");

        Assert.Equal(configured.EnumerateObject().Select(function => function.Name), shown.EnumerateObject().Select(function => function.Name));
        foreach (JsonProperty function in shown.EnumerateObject())
        {
            foreach (JsonProperty member in function.Value.EnumerateObject())
                Assert.Equal(configured.GetProperty(function.Name).GetProperty(member.Name).GetString(), member.Value.GetString());
        }
    }

    [Fact]
    public void The_logging_of_a_function_is_one_that_is_taken()
    {
        string configuration = $$"""{"Functions":{"Shop":{"Runtime":"python3.11","CodeUri":"code","Handler":"app.handler",{{Setting("LoggingConfig")}} } } }""";

        ConfigurationResult result = ConfigurationFile.Parse(Encoding.UTF8.GetBytes(configuration), Path.GetTempPath(), ConfigurationOverrides.None, DateTimeOffset.UnixEpoch);

        Assert.Empty(result.Errors);
    }

    private static string Setting(string name) => Blocks("jsonc").Single(block => block.StartsWith($"\"{name}\"", StringComparison.Ordinal));

    private static string Written(Action<IBufferWriter<char>> write)
    {
        var output = new ArrayBufferWriter<char>();
        write(output);
        return output.WrittenSpan.ToString();
    }

    private static IEnumerable<string> Blocks(string language) =>
        Block().Matches(Page).Where(block => block.Groups[1].Value == language).Select(block => block.Groups[2].Value);

    [GeneratedRegex("^```(\\w+)\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex(@":5\d\.\d{3}Z")]
    private static partial Regex Time();
}
