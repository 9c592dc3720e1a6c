namespace LambdaStreamRunner.StreamServer.Tests.Actions;

public class AccountSettingsTests
{
    [Fact]
    public async Task A_commitment_lasts_for_a_day_at_least()
    {
        await using KinesisServer server = await KinesisServer.StartAsync();
        Assert.Equal("""{"MinimumThroughputBillingCommitment":{"Status":"DISABLED"}}""", await DescribeAsync(server));

        await UpdateAsync(server, "ENABLED");
        Assert.Equal(
            """{"MinimumThroughputBillingCommitment":{"Status":"ENABLED","StartedAt":1767225600,"EarliestAllowedEndAt":1767312000}}""", await DescribeAsync(server));
        Assert.Equal(
            """{"MinimumThroughputBillingCommitment":{"Status":"ENABLED_UNTIL_EARLIEST_ALLOWED_END","StartedAt":1767225600,"EarliestAllowedEndAt":1767312000}}""",
            await UpdateAsync(server, "DISABLED"));

        server.Time.Advance(TimeSpan.FromDays(1));
        Assert.Equal(
            """{"MinimumThroughputBillingCommitment":{"Status":"DISABLED","StartedAt":1767225600,"EndedAt":1767312000}}""", await DescribeAsync(server));
    }

    [Fact]
    public async Task A_commitment_that_is_a_day_old_ends_at_once_and_can_begin_again()
    {
        await using KinesisServer server = await KinesisServer.StartAsync();
        await UpdateAsync(server, "ENABLED");
        server.Time.Advance(TimeSpan.FromDays(2));
        Assert.Contains("\"DISABLED\"", await UpdateAsync(server, "DISABLED"), StringComparison.Ordinal);
        Assert.Contains("\"ENABLED\",\"StartedAt\":1767398400", await UpdateAsync(server, "ENABLED"), StringComparison.Ordinal);
    }

    private static async Task<string> DescribeAsync(KinesisServer server) => (await server.CallAsync("DescribeAccountSettings", new { })).GetRawText();

    private static async Task<string> UpdateAsync(KinesisServer server, string status) =>
        (await server.CallAsync("UpdateAccountSettings", new { MinimumThroughputBillingCommitment = new { Status = status } })).GetRawText();
}
