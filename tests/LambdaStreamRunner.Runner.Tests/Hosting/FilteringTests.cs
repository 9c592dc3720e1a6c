using LambdaStreamRunner.Core.Mappings.Filtering;
using LambdaStreamRunner.Runner.Configuration;
using LambdaStreamRunner.Runner.Hosting;
using LambdaStreamRunner.Runner.Telemetry;
using LambdaStreamRunner.Runner.Tests.Telemetry;

namespace LambdaStreamRunner.Runner.Tests.Hosting;

/// <summary>https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html</summary>
public class FilteringTests
{
    [Fact]
    public async Task Filtered_records_are_settled_counted_and_not_delivered()
    {
        StreamRunnerOptions options = new StreamRunnerOptions()
            .AddStream("clicks", shardCount: 2)
            .AddFunction("Filtering", (ClickEvent clicks) => { })
            .AddMapping("clicks", "Filtering", mapping => mapping with { FilterCriteria = FilterCriteria.Parse("""{"data":{"status":["paid"]}}""") });
        MappingConfiguration only = options.Configuration.Mappings[0];
        options.Configuration = options.Configuration with { Mappings = [only with { HasEventCount = true }] };
        using var readings = new MetricReadings("EventSourceMappingUUID", only.Uuid.ToString());
        await using StreamRunner runner = await TestRunner.StartedAsync(options);
        for (int i = 0; i < 100; i++)
            runner.Put("clicks", $"order-{i}", i % 10 == 0 ? """{"status":"paid"}""" : """{"status":"sent"}""");
        await runner.DrainAsync();

        MappingSummary summary = runner.Summarize().Mappings[0];
        Assert.Equal((100L, 10L, 90L, 0L), (summary.Records, summary.Succeeded, summary.Filtered, summary.Unsettled));
        Assert.Equal(0, summary.OrderViolations);
        Assert.Equal((100, 90, 10), (readings.Sum("PolledEventCount"), readings.Sum("FilteredOutEventCount"), readings.Sum("InvokedEventCount")));
    }
}
