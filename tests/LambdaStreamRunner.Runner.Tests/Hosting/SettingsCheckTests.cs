using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Runner.Configuration;
using LambdaStreamRunner.Runner.Hosting;

namespace LambdaStreamRunner.Runner.Tests.Hosting;

/// <summary>Settings given in code are held to the same ranges as a file's.</summary>
public class SettingsCheckTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static TheoryData<string, Func<EventSourceMapping, EventSourceMapping>> WrongMappings => new()
    {
        { "BatchSize is 0; AWS takes 1 to 10000.", mapping => mapping with { BatchSize = 0 } },
        { "BatchSize is 10001; AWS takes 1 to 10000.", mapping => mapping with { BatchSize = 10_001 } },
        { "ParallelizationFactor is 0; AWS takes 1 to 10.", mapping => mapping with { ParallelizationFactor = 0 } },
        { "ParallelizationFactor is 11; AWS takes 1 to 10.", mapping => mapping with { ParallelizationFactor = 11 } },
        { "MaximumRetryAttempts is -2; AWS takes -1 to 10000.", mapping => mapping with { MaximumRetryAttempts = -2 } },
        { "MaximumRetryAttempts is 10001; AWS takes -1 to 10000.", mapping => mapping with { MaximumRetryAttempts = 10_001 } },
        { "MaximumBatchingWindow is -1 s; AWS takes 0 to 300 whole seconds.", mapping => mapping with { MaximumBatchingWindow = TimeSpan.FromSeconds(-1) } },
        { "MaximumBatchingWindow is 301 s; AWS takes 0 to 300 whole seconds.", mapping => mapping with { MaximumBatchingWindow = TimeSpan.FromSeconds(301) } },
        { "MaximumBatchingWindow is 0.5 s; AWS takes 0 to 300 whole seconds.", mapping => mapping with { MaximumBatchingWindow = TimeSpan.FromSeconds(0.5) } },
        { "MaximumRecordAge is 59 s; AWS takes 60 to 604800 whole seconds.", mapping => mapping with { MaximumRecordAge = TimeSpan.FromSeconds(59) } },
        { "MaximumRecordAge is 604801 s; AWS takes 60 to 604800 whole seconds.", mapping => mapping with { MaximumRecordAge = TimeSpan.FromSeconds(604_801) } },
        { "StartingPositionTimestamp is missing", mapping => mapping with { StartingPosition = StartingPosition.AtTimestamp } },
        { "StartingPositionTimestamp is only valid with", mapping => mapping with { StartingPositionTimestamp = Now } },
        { "which is in the future", mapping => mapping with { StartingPosition = StartingPosition.AtTimestamp, StartingPositionTimestamp = Now.AddSeconds(1) } },
        { "LanePolicy is 7, which is none.", mapping => mapping with { LanePolicy = (LanePolicy)7 } },
        { "FunctionResponseTypes can be [] or", mapping => mapping with { FunctionResponseTypes = default } },
    };

    [Theory]
    [MemberData(nameof(WrongMappings))]
    public void A_mapping_out_of_AWSs_ranges_is_refused(string expected, Func<EventSourceMapping, EventSourceMapping> change) =>
        Assert.Contains(expected, Assert.Single(MistakesIn(Options(change))), StringComparison.Ordinal);

    [Fact]
    public void The_ends_of_the_ranges_are_taken()
    {
        Assert.Empty(MistakesIn(Options(mapping => mapping with
        {
            BatchSize = 1,
            ParallelizationFactor = 1,
            MaximumRetryAttempts = -1,
            MaximumRecordAge = TimeSpan.FromSeconds(60),
            StartingPosition = StartingPosition.AtTimestamp,
            StartingPositionTimestamp = Now,
        })));
        Assert.Empty(MistakesIn(Options(mapping => mapping with
        {
            BatchSize = 10_000,
            ParallelizationFactor = 10,
            MaximumRetryAttempts = 10_000,
            MaximumRecordAge = TimeSpan.FromDays(7),
            MaximumBatchingWindow = TimeSpan.FromSeconds(300),
            FunctionResponseTypes = [FunctionResponseType.ReportBatchItemFailures],
        })));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-3)]
    [InlineData(900.5)]
    public void A_Timeout_out_of_range_is_refused(double seconds) =>
        Assert.Contains("Timeout is", Assert.Single(MistakesIn(Options(timeout: TimeSpan.FromSeconds(seconds)))), StringComparison.Ordinal);

    [Theory]
    [InlineData("two words", 1, "Streams.two words is not a stream's name")]
    [InlineData("clicks", 0, "Streams.clicks.ShardCount is 0; it can be 1 to 100000.")]
    public void A_stream_that_Kinesis_would_not_make_is_refused(string name, int shards, string expected) =>
        Assert.Contains(expected, Assert.Single(MistakesIn(new StreamRunnerOptions().AddStream(name, shards))), StringComparison.Ordinal);

    [Fact]
    public void A_mapping_made_twice_is_refused() =>
        Assert.Equal(
            ["EventSourceMappings[1] maps clicks → Clicks a second time. Change the first one, and remove this one."],
            MistakesIn(Options().AddMapping("clicks", "Clicks")));

    [Fact]
    public void Every_mistake_is_told_at_once()
    {
        StreamRunnerOptions options = Options(mapping => mapping with { BatchSize = 0, ParallelizationFactor = 11 });
        (options.Port, options.Host, options.StopTimeout) = (70_000, "somewhere", TimeSpan.FromSeconds(-1));

        Assert.Equal(5, MistakesIn(options).Length);
    }

    [Fact]
    public void A_function_that_says_how_it_runs_is_held_to_what_a_file_is_held_to()
    {
        Assert.Equal(
            [
                "Functions.A.Runtime is \"java21\", which is not available; use provided.al2023 with a program named bootstrap. It can be a dotnet runtime as dotnet10, a Node.js one as nodejs22.x, a Python one as python3.13, or provided.al2023 with a program named bootstrap.",
                "Functions.B.Endpoint is missing; a function with Hosting \"Remote\" is invoked there: write \"aws\" for AWS itself, or the URL of a server that answers Lambda's Invoke, as http://127.0.0.1:9000.",
                "Functions.C.CodeUri is missing; name a project folder, a built folder or a DLL, relative to this file.",
            ],
            MistakesIn(new StreamRunnerOptions()
                .AddFunction("A", function => function with { Hosting = FunctionHosting.Process, Runtime = "java21", CodeUri = "a", Handler = "a" })
                .AddFunction("B", function => function with { Hosting = FunctionHosting.Remote })
                .AddFunction("C", function => function with { Handler = "A::N.T::M" })));
    }

    private static StreamRunnerOptions Options(Func<EventSourceMapping, EventSourceMapping>? change = null, TimeSpan? timeout = null) =>
        new StreamRunnerOptions().AddStream("clicks").AddFunction("Clicks", new ClickHandler().HandleAsync, timeout).AddMapping("clicks", "Clicks", change);

    private static string[] MistakesIn(StreamRunnerOptions options) => [.. SettingsCheck.MistakesIn(options, Now).Select(mistake => mistake.ToString())];
}
