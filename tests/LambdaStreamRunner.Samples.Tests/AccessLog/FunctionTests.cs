using Amazon.Lambda.KinesisEvents;
using LambdaStreamRunner.Samples.Tests;

namespace AccessLog.Tests;

public class FunctionTests
{
    private readonly Function _function = new(new ClientTraffic());

    [Fact]
    public async Task Hits_and_bytes_are_counted_per_client()
    {
        await _function.HandleAsync(Events.Of(Hit("192.0.2.7", "100"), Hit("192.0.2.8", "5"), Hit("192.0.2.7", "-")), Events.Context);
        await _function.HandleAsync(Events.Of(Hit("192.0.2.7", "20")), Events.Context);

        Assert.Equal(new ClientTraffic.Totals(3, 120), _function.Traffic.Of("192.0.2.7"));
        Assert.Equal(new ClientTraffic.Totals(1, 5), _function.Traffic.Of("192.0.2.8"));
        Assert.Equal(default, _function.Traffic.Of("192.0.2.9"));
        Assert.Equal(2, _function.Traffic.Clients);
    }

    [Fact]
    public async Task A_line_that_is_cut_off_is_named_by_its_sequence_number()
    {
        KinesisEvent batch = Events.Of(Hit("192.0.2.7", "100"), Hit("192.0.2.7", "100")[..60]);

        var error = await Assert.ThrowsAsync<FormatException>(() => _function.HandleAsync(batch, Events.Context));

        Assert.StartsWith("Record 2 is not a line", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_batch_that_throws_counts_nothing_because_it_comes_again()
    {
        await Assert.ThrowsAsync<FormatException>(() => _function.HandleAsync(Events.Of(Hit("192.0.2.7", "100"), "?"), Events.Context));

        Assert.Equal(0, _function.Traffic.Clients);
    }

    [Fact]
    public async Task Batches_that_run_at_the_same_time_lose_no_hit()
    {
        await Parallel.ForEachAsync(Enumerable.Range(0, 200), async (_, _) =>
            await _function.HandleAsync(Events.Of(Hit("192.0.2.7", "3"), Hit("192.0.2.7", "4")), Events.Context));

        Assert.Equal(new ClientTraffic.Totals(400, 1_400), _function.Traffic.Of("192.0.2.7"));
    }

    [Fact]
    public void Of_the_sample_data_exactly_one_line_is_broken()
    {
        string[] lines = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "data", "access.log"));

        int[] broken = [.. lines.Index().Where(line => !AccessLogLine.TryParse(line.Item, out _)).Select(line => line.Index + 1)];

        Assert.Equal(2_000, lines.Length);
        Assert.Equal([1_409], broken);
    }

    private static string Hit(string client, string bytes) =>
        $"""{client} - - [31/Jan/2026:09:08:07 +0000] "GET / HTTP/1.1" 200 {bytes} "-" "curl/8.9.1" """.TrimEnd();
}
