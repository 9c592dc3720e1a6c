namespace LambdaStreamRunner.StreamServer.Tests;

public class EncryptionPeriodsTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Periods_are_half_open_and_forgotten_when_nothing_of_them_can_be_read()
    {
        EncryptionPeriods periods = EncryptionPeriods.Never;
        for (int day = 0; day < 10; day++)
            periods = periods.Change(day % 2 == 0, Start.AddDays(day), oldest: Start.AddDays(day - 3));

        Assert.Equal([Start.AddDays(6), Start.AddDays(7), Start.AddDays(8), Start.AddDays(9)], periods.Changes);
        Assert.False(periods.Include(Start.AddDays(6).AddMilliseconds(-1).ToUnixTimeMilliseconds()));
        Assert.True(periods.Include(Start.AddDays(6).ToUnixTimeMilliseconds()));
        Assert.False(periods.Include(Start.AddDays(7).ToUnixTimeMilliseconds()));
        Assert.False(periods.Include(Start.AddDays(20).ToUnixTimeMilliseconds()));
    }
}
