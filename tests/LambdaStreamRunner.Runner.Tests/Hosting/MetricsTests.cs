using System.Collections.Immutable;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Runner.Configuration;
using LambdaStreamRunner.Runner.Hosting;
using LambdaStreamRunner.Runner.Tests.Telemetry;

namespace LambdaStreamRunner.Runner.Tests.Hosting;

/// <summary>https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html</summary>
public class MetricsTests
{
    [Fact]
    public async Task S_99_a_batch_that_fails_once_is_invoked_twice_and_polled_once()
    {
        using var readings = await MeasureEventsAsync("S99", failures: 1, mapping => mapping);

        Assert.Equal((10, 20, 10, 0), (readings.Sum("PolledEventCount"), readings.Sum("InvokedEventCount"), readings.Sum("FailedInvokeEventCount"), readings.Sum("DroppedEventCount")));
    }

    [Fact]
    public async Task S_100_what_nobody_receives_is_dropped()
    {
        using var readings = await MeasureEventsAsync("S100a", failures: 1, mapping => mapping with { MaximumRetryAttempts = 0 });

        Assert.Equal((10, 10, 0), (readings.Sum("PolledEventCount"), readings.Sum("DroppedEventCount"), readings.Sum("OnFailureDestinationDeliveredEventCount")));
    }

    [Fact]
    public async Task S_100_what_the_destination_receives_is_delivered()
    {
        string file = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid()}.jsonl");
        try
        {
            using var readings = await MeasureEventsAsync("S100b", failures: 1, mapping => mapping with { MaximumRetryAttempts = 0 }, file);

            Assert.Equal((10, 0, 10), (readings.Sum("PolledEventCount"), readings.Sum("DroppedEventCount"), readings.Sum("OnFailureDestinationDeliveredEventCount")));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task S_35_an_unreachable_destination_is_a_delivery_failure_and_its_records_are_dropped()
    {
        using var function = new MetricReadings("FunctionName", "S35");
        string folder = Directory.CreateTempSubdirectory().FullName;
        try
        {
            using var readings = await MeasureEventsAsync("S35", failures: 1, mapping => mapping with { MaximumRetryAttempts = 0 }, folder);

            Assert.Equal((1, 10), (function.Sum("DestinationDeliveryFailures"), readings.Sum("DroppedEventCount")));
        }
        finally
        {
            Directory.Delete(folder);
        }
    }

    [Fact]
    public async Task A_function_has_invocations_errors_durations_and_ages()
    {
        using var function = new MetricReadings("FunctionName", "Ages");
        using var events = await MeasureEventsAsync("Ages", failures: 1, mapping => mapping);
        function.ReadGauges();

        Assert.Equal((2, 1, 0), (function.Sum("Invocations"), function.Sum("Errors"), function.Sum("Throttles")));
        Assert.Equal((2, 2), (function["Duration"].Length, function["IteratorAge"].Length));
        Assert.All(function["IteratorAge"], age => Assert.True(age >= 0));
    }

    [Fact]
    public async Task Without_MetricsConfig_no_events_are_measured()
    {
        using var readings = await MeasureEventsAsync("Unasked", failures: 0, mapping => mapping, hasEventCount: false);

        Assert.Empty(readings["PolledEventCount"]);
    }

    // Ten records in one batch, of which the function fails the first attempts.
    private static async Task<MetricReadings> MeasureEventsAsync(
        string function, int failures, Func<EventSourceMapping, EventSourceMapping> change, string? onFailureFile = null, bool hasEventCount = true)
    {
        int calls = 0;
        StreamRunnerOptions options = new StreamRunnerOptions { Speed = 100 }
            .AddStream("clicks")
            .AddFunction(function, (ClickEvent clicks) =>
            {
                if (Interlocked.Increment(ref calls) <= failures)
                    throw new InvalidOperationException("It fails.");
            })
            .AddMapping("clicks", function, mapping => change(mapping with { BatchSize = 10, MaximumBatchingWindow = TimeSpan.FromSeconds(300) }), onFailureFile is null ? null : new OnFailureDestination.File(onFailureFile));
        MappingConfiguration only = options.Configuration.Mappings[0];
        options.Configuration = options.Configuration with { Mappings = [only with { HasEventCount = hasEventCount }] };
        var readings = new MetricReadings("EventSourceMappingUUID", only.Uuid.ToString());
        await using StreamRunner runner = await TestRunner.StartedAsync(options);
        for (int i = 0; i < 10; i++)
            runner.Put("clicks", "a", $"{i}");
        await runner.DrainAsync();
        return readings;
    }
}
