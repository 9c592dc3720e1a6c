using System.Collections.Immutable;
using LambdaStreamRunner.Core.Streams;
using LambdaStreamRunner.Runner.Configuration;
using LambdaStreamRunner.Runner.Hosting;
using LambdaStreamRunner.Runner.Telemetry;
using LambdaStreamRunner.Runner.Tests.Configuration;
using LambdaStreamRunner.StreamServer;
using LambdaStreamRunner.StreamServer.Faults;
using LambdaStreamRunner.StreamServer.Tests;

namespace LambdaStreamRunner.Runner.Tests.Hosting;

/// <summary>What the configuration says of streams, when a run has begun.</summary>
public sealed class ConfiguredStreamsTests : IDisposable
{
    private const string ForeignArn = "arn:aws:kinesis:eu-central-1:123456789012:stream/clicks";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("lambda-stream-test-");
    private readonly HeardLoggers _log = new();

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_new_stream_has_the_properties_that_are_configured()
    {
        await using StreamRunner runner = await StartAsync("""
            "RetentionPeriodHours": 8760, "MaxRecordSizeInKiB": 2048, "StreamModeDetails": { "StreamMode": "ON_DEMAND" }, "WarmThroughputMiBps": 6,
            "StreamEncryption": { "EncryptionType": "KMS", "KeyId": "alias/k" }, "DesiredShardLevelMetrics": ["ALL"], "Tags": [ { "Key": "a", "Value": "b" } ]
            """);

        EmbeddedStream stream = runner.Streams.Get("clicks");
        Assert.Equal((8760, 2048, StreamMode.OnDemand), (stream.Settings.RetentionPeriodHours, stream.Settings.MaxRecordSizeInKiB, stream.Settings.Mode));
        Assert.Equal((6, "alias/k", "b"), (stream.Records.OpenShardCount, stream.Settings.KeyId, stream.Settings.Tags["a"]));
        Assert.Equal(ShardMetrics.Names, stream.Settings.ShardLevelMetrics);
        Assert.Equal(TimeSpan.FromHours(8760), stream.Records.Retention);
        Assert.Empty(_log.Warnings);
    }

    [Fact]
    public async Task A_stream_that_is_kept_keeps_its_properties_and_every_difference_is_a_warning()
    {
        await using (await StartAsync("\"ShardCount\": 2"))
        {
        }
        await using StreamRunner runner = await StartAsync("""
            "RetentionPeriodHours": 48, "MaxRecordSizeInKiB": 2048, "StreamModeDetails": { "StreamMode": "ON_DEMAND" }, "WarmThroughputMiBps": 6,
            "StreamEncryption": { "EncryptionType": "KMS", "KeyId": "alias/k" }, "DesiredShardLevelMetrics": ["ALL"], "Tags": [ { "Key": "a", "Value": "b" } ],
            "Limits": "Aws"
            """);

        Assert.Equal(new StreamSettings { Limits = StreamLimits.Aws }, runner.Streams.Get("clicks").Settings with { Tags = StreamSettings.NoTags, ShardLevelMetrics = [], Consumers = [], Encrypted = EncryptionPeriods.Never });
        Assert.Equal(
            [
                "clicks: kept with RetentionPeriodHours 24; 48 of the configuration is for a new stream. IncreaseStreamRetentionPeriod or DecreaseStreamRetentionPeriod changes it.",
                "clicks: kept with StreamMode PROVISIONED; ON_DEMAND of the configuration is for a new stream. UpdateStreamMode changes it.",
                "clicks: kept with KeyId none; alias/k of the configuration is for a new stream. StartStreamEncryption changes it.",
                $"clicks: kept with DesiredShardLevelMetrics []; [{string.Join(", ", ShardMetrics.Names)}] of the configuration is for a new stream. EnableEnhancedMonitoring or DisableEnhancedMonitoring changes it.",
                "clicks: kept with Tags []; [a=b] of the configuration is for a new stream. TagResource or UntagResource changes it.",
                "clicks: kept with MaxRecordSizeInKiB 1024; 2048 of the configuration is for a new stream. UpdateMaxRecordSize changes it.",
                "clicks: kept with WarmThroughputMiBps none; 6 of the configuration is for a new stream. UpdateStreamWarmThroughput changes it.",
            ],
            _log.Warnings);
    }

    [Fact]
    public async Task What_is_not_configured_may_be_anything()
    {
        await using (await StartAsync("\"ShardCount\": 2, \"RetentionPeriodHours\": 48, \"Tags\": [ { \"Key\": \"a\", \"Value\": \"b\" } ]"))
        {
        }
        await using StreamRunner runner = await StartAsync("\"ShardCount\": 2");

        Assert.Empty(_log.Warnings);
        Assert.Equal(48, runner.Streams.Get("clicks").Settings.RetentionPeriodHours);
    }

    [Fact]
    public async Task An_ON_DEMAND_stream_that_has_scaled_is_no_difference()
    {
        const string OnDemand = "\"StreamModeDetails\": { \"StreamMode\": \"ON_DEMAND\" }";
        await using (StreamRunner first = await StartAsync(OnDemand))
            first.Streams.Get("clicks").BeginReshard(new Reshard.SplitEach([1]));
        await using StreamRunner runner = await StartAsync(OnDemand);

        Assert.Empty(_log.Warnings);
        Assert.Equal(5, runner.Streams.Get("clicks").Records.OpenShardCount);
    }

    [Fact]
    public async Task A_mapping_follows_an_ON_DEMAND_stream_that_scales_at_the_speed_of_the_run()
    {
        const double Speed = 7;
        TimeSpan realMinute = TimeSpan.FromMilliseconds(Math.Ceiling(OnDemandScaling.Window.TotalMilliseconds / Speed));
        var clock = new WaitingClock(realMinute);
        var handler = new ClickHandler();
        StreamRunnerOptions options = new StreamRunnerOptions { Speed = Speed }
            .AddStream("clicks", change: stream => stream with { Mode = StreamMode.OnDemand })
            .AddFunction("Clicks", handler.HandleAsync, timeout: TestRunner.Patience)
            .AddMapping("clicks", "Clicks", mapping => mapping with { BatchSize = 10_000 });
        await using StreamRunner runner = await TestRunner.StartedAsync(options, clock);
        await clock.SomebodyWaitsAsync();

        const int Load = 31_000;                              // of one key: 500 a second for a minute, and some more
        for (int i = 0; i < Load; i++)
            runner.Put("clicks", "key", $"{i}");
        clock.Advance(realMinute);
        await clock.SomebodyWaitsAsync();
        runner.Put("clicks", "key", $"{Load}");
        await runner.DrainAsync();

        Assert.Equal(5, runner.Streams.Get("clicks").Records.OpenShardCount);
        Assert.Equal(Enumerable.Range(0, Load + 1), handler.Texts.Select(int.Parse));
        Assert.Equal(0, Assert.Single(runner.Summarize().Mappings).OrderViolations);
    }

    [Fact]
    public async Task Faults_are_told_at_the_start_with_their_seed_and_counted_in_the_summary()
    {
        await using StreamRunner runner = await StartAsync("\"Faults\": { \"ThrottleRate\": 1, \"LatencyMs\": [1, 2] }");
        RehearsedFaults faults = runner.Streams.Get("clicks").Faults!;

        Assert.Equal(
            $"clicks: calls of clients fail on request, by its Faults: ThrottleRate 1, ErrorRate 0, ExpiredIteratorRate 0, latency 1 to 2 ms. Seed {faults.Seed} makes the same happen again.",
            Assert.Single(_log.Warnings));
        FaultSummary summary = Assert.Single(runner.Summarize().Faults!);
        Assert.Equal(("clicks", faults.Seed, new FaultCounts(0, 0, 0, 0, 0, 0, 0)), (summary.Stream, summary.Seed, summary.Counts));
        Assert.Contains("\"throttledRecords\": 0", runner.Summarize().ToJson(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Faults_are_the_run_s_and_a_summary_without_them_does_not_mention_them()
    {
        await using (await StartAsync("\"Faults\": { \"ErrorRate\": 1, \"Seed\": 5 }"))
        {
        }
        await using StreamRunner runner = await StartAsync("\"Faults\": {}");

        Assert.Null(runner.Streams.Get("clicks").Faults);
        Assert.DoesNotContain("faults", runner.Summarize().ToJson(), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task In_code_everything_is_there_too_and_held_to_the_same_ranges()
    {
        StreamRunnerOptions right = new StreamRunnerOptions()
            .UseLifecycleDelays(new LifecycleDelays { Creating = TimeSpan.FromHours(1) })
            .AddStream("clicks", 2, stream => stream with { Faults = new StreamFaults { ErrorRate = 0.5, Seed = 3 }, RetentionPeriodHours = 25 });
        await using StreamRunner runner = await TestRunner.StartedAsync(right);
        Assert.Equal((3, 25, 2), (runner.Streams.Get("clicks").Faults!.Seed, runner.Streams.Get("clicks").Settings.RetentionPeriodHours, runner.Streams.Get("clicks").Records.OpenShardCount));

        StreamRunnerOptions wrong = new StreamRunnerOptions()
            .UseLifecycleDelays(new LifecycleDelays { Updating = TimeSpan.FromHours(2) })
            .AddStream("clicks", 1, stream => stream with
            {
                Faults = new StreamFaults { ErrorRate = -1 },
                RetentionPeriodHours = 23,
                ShardLevelMetrics = ["Incoming"],
                Tags = ImmutableSortedDictionary<string, string>.Empty.Add("a%", ""),
            });
        Assert.Equal(
            ["LifecycleDelays.UpdatingInSeconds", "Streams.clicks.RetentionPeriodHours", "Streams.clicks.Tags", "Streams.clicks.DesiredShardLevelMetrics", "Streams.clicks.Faults.ErrorRate"],
            SettingsCheck.MistakesIn(wrong, ConfigurationText.Now).Select(mistake => mistake.Path).Distinct());
    }

    [Fact]
    public async Task Delays_are_for_what_clients_create_and_configured_streams_are_ACTIVE_at_once()
    {
        await using StreamRunner runner = await StartAsync("", more: """
            , "LifecycleDelays": { "CreatingInSeconds": 3600, "UpdatingInSeconds": 3600, "DeletingInSeconds": 3600, "ConsumerCreatingInSeconds": 3600 }
            """);

        Assert.Equal(StreamStatus.Active, runner.Streams.Get("clicks").Status);
        Assert.Equal(StreamStatus.Creating, runner.Streams.Create("orders", 1).Status);
        runner.Streams.Get("clicks").BeginReshard(new Reshard.Update(2));
        Assert.Equal((StreamStatus.Updating, 4), (runner.Streams.Get("clicks").Status, runner.Streams.Get("clicks").Records.OpenShardCount));
        Assert.Equal(TimeSpan.FromHours(1), runner.Streams.Options.ConsumerDelay);
        runner.Streams.Delete("orders");
        Assert.Equal(StreamStatus.Deleting, runner.Streams.Get("orders").Status);
    }

    [Fact]
    public async Task A_stream_with_a_foreign_ARN_has_it_from_the_first_start_on()
    {
        await using (StreamRunner first = await StartAsync("", name: ForeignArn))
            Assert.Equal((ForeignArn, "123456789012"), (first.Streams.Get("clicks").Arn, first.Streams.Get("clicks").Account));
        await using StreamRunner runner = await StartAsync("", name: ForeignArn);

        Assert.Equal(ForeignArn, runner.Streams.Get("clicks").Arn);
        Assert.Empty(_log.Warnings);
    }

    [Fact]
    public async Task A_year_of_retention_is_no_alarm_that_a_timer_cannot_take()
    {
        int calls = 0;
        StreamRunnerOptions options = new StreamRunnerOptions()
            .AddStream("clicks", change: stream => stream with { RetentionPeriodHours = 8760 })
            .AddFunction("Clicks", (ClickEvent _) =>
            {
                if (Interlocked.Increment(ref calls) == 1)
                    throw new InvalidOperationException("Once.");
            })
            .AddMapping("clicks", "Clicks");
        await using StreamRunner runner = await TestRunner.StartedAsync(options);
        runner.Put("clicks", "a", "1");

        await runner.DrainAsync();

        Assert.Equal((1, 1), (Assert.Single(runner.Summarize().Mappings).Succeeded, runner.Summarize().Mappings[0].Retries));
    }

    private async Task<StreamRunner> StartAsync(string properties, string more = "", string name = "clicks")
    {
        string json = $$"""{ "DataDirectory": {{System.Text.Json.JsonSerializer.Serialize(_folder.FullName)}}, "Streams": { "{{name}}": { {{properties}} } } {{more}} }""";
        var runner = new StreamRunner(new StreamRunnerOptions { Configuration = ConfigurationText.Valid(json) }, TimeProvider.System, _log);
        await runner.StartAsync(TestContext.Current.CancellationToken);
        return runner;
    }
}
