using LambdaStreamRunner.Host.Tests.Verbs;
using LambdaStreamRunner.Host.Traces;
using LambdaStreamRunner.Simulation.Traffic;

namespace LambdaStreamRunner.Host.Tests.Traces;

public sealed class CloudWatchExportTests : IDisposable
{
    private const string MetricData = """
        {
          "MetricDataResults": [
            { "Id": "r", "Label": "IncomingRecords", "StatusCode": "Complete",
              "Timestamps": ["2026-11-27T10:03:00+00:00", "2026-11-27T10:01:00+00:00", "2026-11-27T10:00:00+00:00"], "Values": [6000.0, 0.0, 12000.0] },
            { "Id": "b", "Label": "IncomingBytes", "StatusCode": "Complete",
              "Timestamps": ["2026-11-27T10:03:00+00:00", "2026-11-27T10:00:00+00:00"], "Values": [600000.0, 2400000.0] }
          ]
        }
        """;

    private readonly Workspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public async Task Each_period_has_its_records_and_their_mean_size()
    {
        using OpenedTraffic opened = await ReadAsync(MetricData);

        Arrival[] all = [.. opened.Traffic.ReadFrom(TimeSpan.Zero).SelectMany(block => block.ToArray())];
        Arrival[] first = [.. all.Where(arrival => arrival.Time < TimeSpan.FromMinutes(1))];
        Arrival[] last = [.. all.Where(arrival => arrival.Time >= TimeSpan.FromMinutes(3))];
        Assert.InRange(first.Length, 12_000 - 550, 12_000 + 550);
        Assert.InRange(last.Length, 6_000 - 400, 6_000 + 400);
        Assert.Equal(all.Length, first.Length + last.Length);
        Assert.All(first, arrival => Assert.Equal(200, arrival.DataLength));
        Assert.All(last, arrival => Assert.Equal(100, arrival.DataLength));
        Assert.Contains(opened.Warnings, warning => warning.Contains("no value for 1 of 4 periods", StringComparison.Ordinal));
        Assert.Contains(opened.Warnings, warning => warning.Contains("keys are assumed to be 1,000 keys (Zipf 1)", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Statistics_of_the_aws_CLI_are_read()
    {
        using OpenedTraffic opened = await ReadAsync("""
            {"Label":"IncomingRecords","Datapoints":[{"Timestamp":"2026-11-27T10:05:00Z","Sum":600.0,"Unit":"Count"},{"Timestamp":"2026-11-27T10:00:00Z","Sum":300.0,"Unit":"Count"}]}
            """);

        Assert.InRange(opened.Traffic.Count, 900 - 150, 900 + 150);
        Assert.InRange(opened.Traffic.Duration.TotalMinutes, 9, 10);
        Assert.Contains(opened.Warnings, warning => warning.Contains("has no IncomingBytes", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_console_s_CSV_is_read()
    {
        using OpenedTraffic opened = await ReadAsync("Full label,,IncomingBytes,IncomingRecords\nPeriod,,60,60\n2026/11/27 10:00:00,,\"50,000\",500\n2026/11/27 10:01:00,,40000,400\n".Replace(",,", ",", StringComparison.Ordinal));

        Assert.InRange(opened.Traffic.Count, 900 - 150, 900 + 150);
        Assert.All(opened.Traffic.ReadFrom(TimeSpan.Zero).SelectMany(block => block.ToArray()), arrival => Assert.Equal(100, arrival.DataLength));
    }

    [Theory]
    [InlineData("""{"MetricDataResults":[{"Label":"PutRecord.Success","Timestamps":[],"Values":[]}]}""", "has no values of IncomingRecords; there are results labelled 'PutRecord.Success'")]
    [InlineData("""{"MetricDataResults":[{"Label":"IncomingRecords","Timestamps":["2026-11-27T10:00:00Z"],"Values":[1]}]}""", "has one period only")]
    [InlineData("""{"MetricDataResults":[{"Label":"IncomingRecords","Timestamps":["2026-11-27T10:00:00Z","2026-11-27T10:01:00Z"],"Values":[0,0]}]}""", "holds no records")]
    [InlineData("""{"MetricDataResults":[{"Label":"IncomingRecords","Timestamps":["2026-11-27T10:00:00Z","2026-11-27T10:01:00Z","2026-11-27T10:02:30Z"],"Values":[1,1,1]}]}""", "periods of different lengths")]
    [InlineData("""{"MetricDataResults":[{"Label":"a IncomingRecords","Timestamps":["2026-11-27T10:00:00Z"],"Values":[1]},{"Label":"b IncomingRecords","Timestamps":["2026-11-27T10:00:00Z"],"Values":[1]}]}""", "has IncomingRecords twice")]
    [InlineData("""{"Label":"IncomingRecords","Datapoints":[{"Timestamp":"2026-11-27T10:00:00Z","Average":1}]}""", "datapoints without a Sum")]
    [InlineData("""{"MetricDataResults":[{"Label":"IncomingRecords","Timestamps":["2026-11-27T10:00:00Z","2026-11-27T10:01:00Z"],"Values":[1,2,3]}]}""", "has 2 Timestamps and 3 Values of IncomingRecords")]
    [InlineData("""{"MetricDataResults":[""", "is no output of 'aws cloudwatch get-metric-data'")]
    public async Task What_makes_no_traffic_is_refused(string content, string complaint) =>
        Assert.Contains(complaint, (await Assert.ThrowsAsync<TraceException>(() => ReadAsync(content))).Message, StringComparison.Ordinal);

    private Task<OpenedTraffic> ReadAsync(string content) =>
        TraceFile.OpenAsync(_workspace.Write("metrics", content), new TraceReading(), null, TestContext.Current.CancellationToken);
}
