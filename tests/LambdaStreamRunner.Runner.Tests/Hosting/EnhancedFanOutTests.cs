using System.Collections.Immutable;
using System.Text;
using LambdaStreamRunner.Aggregation;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Core.Mappings.Filtering;
using LambdaStreamRunner.Runner.Hosting;
using LambdaStreamRunner.Runner.Telemetry;
using LambdaStreamRunner.StreamServer;

namespace LambdaStreamRunner.Runner.Tests.Hosting;

/// <summary>A mapping whose source is a consumer.</summary>
public class EnhancedFanOutTests
{
    private const string ConsumerArn = "arn:aws:kinesis:us-east-1:000000000000:stream/clicks/consumer/app:1789808930";

    [Fact]
    public async Task S_94_the_event_carries_the_consumer_s_ARN_and_aggregates_are_taken_apart()
    {
        var events = new EventTexts();
        await using StreamRunner runner = await TestRunner.StartedAsync(Options(events));
        EmbeddedStream stream = runner.Streams.Get("clicks");
        var aggregator = new RecordAggregator();
        aggregator.TryAdd("a", "1"u8.ToArray());
        aggregator.TryAdd("b", "2"u8.ToArray());
        AggregatedBlob blob = aggregator.Take()!;
        stream.Put(blob.PartitionKey, blob.Data);
        await runner.DrainAsync();

        string text = Assert.Single(events.All);
        Assert.Equal(2, text.Split($"\"eventSourceARN\":\"{ConsumerArn}\"").Length - 1);
        Assert.Contains("\"partitionKey\":\"a\"", text, StringComparison.Ordinal);
        MappingSummary summary = Assert.Single(runner.Summarize().Mappings);
        Assert.Equal(("clicks/app → Clicks", PollingMode.Push, 2L, 0L), (summary.Name, summary.Polling, summary.Succeeded, summary.OrderViolations));
    }

    [Fact]
    public async Task The_consumer_of_a_configured_mapping_is_registered_as_its_ARN_says()
    {
        await using StreamRunner runner = await TestRunner.StartedAsync(Options(new EventTexts()));

        StreamConsumer consumer = Assert.Single(runner.Streams.Get("clicks").Settings.Consumers);
        Assert.Equal(ConsumerArn, consumer.ArnOn(runner.Streams.Get("clicks")));
    }

    [Fact]
    public async Task A_stream_may_feed_a_function_directly_and_through_a_consumer()
    {
        var handler = new ClickHandler();
        StreamRunnerOptions options = new StreamRunnerOptions().AddStream("clicks").AddFunction("Clicks", handler.HandleAsync)
            .AddMapping("clicks", "Clicks")
            .AddMapping("clicks", "Clicks", mapping => mapping with { EventSourceArn = ConsumerArn });
        await using StreamRunner runner = await TestRunner.StartedAsync(options);

        runner.Put("clicks", "a", "1");
        await runner.DrainAsync();

        Assert.Equal(["1", "1"], handler.Texts);
    }

    [Theory]
    [InlineData("filters", "its filters see them as data that is no JSON")]
    [InlineData("reports", "a reported failure repeats all user records of an aggregate")]
    [InlineData("lanes", "other keys lose their order")]
    [InlineData("plain", null)]
    public async Task Without_a_consumer_an_aggregate_comes_as_it_is_with_a_warning_where_that_goes_wrong(string kind, string? warning)
    {
        var heard = new HeardLoggers();
        var events = new EventTexts();
        StreamRunnerOptions options = new StreamRunnerOptions().AddStream("clicks", shardCount: 2).AddFunction("Clicks", events.Handle)
            .AddMapping("clicks", "Clicks", mapping => kind switch
            {
                "filters" => mapping with { FilterCriteria = FilterCriteria.Parse("""{"partitionKey":[{"exists":true}]}""") },
                "reports" => mapping with { FunctionResponseTypes = [FunctionResponseType.ReportBatchItemFailures] },
                "lanes" => mapping with { ParallelizationFactor = 2 },
                _ => mapping,
            });
        await using var runner = new StreamRunner(options, TimeProvider.System, heard);
        await runner.StartAsync(TestContext.Current.CancellationToken);
        for (int i = 0; i < 8; i++)
        {
            var aggregator = new RecordAggregator();
            aggregator.TryAdd($"{i}", "1"u8.ToArray());
            aggregator.TryAdd("b", "2"u8.ToArray());
            AggregatedBlob blob = aggregator.Take()!;
            runner.Streams.Get("clicks").Put(blob.PartitionKey, blob.Data);
        }
        await runner.DrainAsync();

        Assert.Equal(8, events.All.Sum(text => text.Split("\"eventID\"").Length - 1));
        string[] warnings = [.. heard.Warnings.Where(line => line.Contains("aggregated records", StringComparison.Ordinal))];
        Assert.Equal(warning is null ? 0 : 1, warnings.Length);
        Assert.All(warnings, line => Assert.Contains(warning!, line, StringComparison.Ordinal));
    }

    [Fact]
    public void A_consumer_of_another_stream_is_refused()
    {
        var other = ConsumerArn.Replace("clicks", "orders", StringComparison.Ordinal);
        StreamRunnerOptions options = new StreamRunnerOptions().AddStream("clicks").AddFunction("Clicks", new ClickHandler().HandleAsync)
            .AddMapping("clicks", "Clicks", mapping => mapping with { EventSourceArn = other });

        ImmutableArray<LambdaStreamRunner.Runner.Configuration.ConfigurationProblem> mistakes = SettingsCheck.MistakesIn(options, DateTimeOffset.UtcNow);

        Assert.Contains($"is {other}; it can be", Assert.Single(mistakes).Text, StringComparison.Ordinal);
    }

    private static StreamRunnerOptions Options(EventTexts events) => new StreamRunnerOptions()
        .AddStream("clicks")
        .AddFunction("Clicks", events.Handle)
        .AddMapping("clicks", "Clicks", mapping => mapping with { EventSourceArn = ConsumerArn });

    /// <summary>Remembers events as they came.</summary>
    private sealed class EventTexts
    {
        private ImmutableArray<string> _all = [];

        public IReadOnlyList<string> All => _all;

        public void Handle(Stream input)
        {
            using var reader = new StreamReader(input, Encoding.UTF8);
            string text = reader.ReadToEnd();
            ImmutableInterlocked.Update(ref _all, all => all.Add(text));
        }
    }
}
