using LambdaStreamRunner.Host.Terminal;

namespace LambdaStreamRunner.Host.Tests.Terminal;

public class FiguresTests
{
    [Theory]
    [InlineData(0, "0 ms")]
    [InlineData(850, "850 ms")]
    [InlineData(12_340, "12.3 s")]
    [InlineData(245_000, "4 min 5 s")]
    [InlineData(7_800_000, "2 h 10 min")]
    [InlineData(273_600_000, "3 d 4 h")]
    public void Durations_take_the_unit_that_suits_them(long milliseconds, string text)
    {
        Assert.Equal(text, Figures.Milliseconds(milliseconds));
    }

    [Theory]
    [InlineData(0, 0, "–")]
    [InlineData(9_999, 10_000, "99 %")]
    [InlineData(10_000, 10_000, "100 %")]
    public void Only_all_is_a_hundred_percent(long part, long whole, string text)
    {
        Assert.Equal(text, Figures.Percent(part, whole));
    }

    [Theory]
    [InlineData(0, "0/s")]
    [InlineData(0.42, "0.4/s")]
    [InlineData(12_345.6, "12,346/s")]
    public void Small_rates_keep_a_decimal(double perSecond, string text)
    {
        Assert.Equal(text, Figures.Rate(perSecond));
    }
}
