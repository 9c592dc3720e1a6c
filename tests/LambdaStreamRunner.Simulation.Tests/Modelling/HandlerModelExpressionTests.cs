using CsCheck;
using LambdaStreamRunner.Simulation.Modelling;

namespace LambdaStreamRunner.Simulation.Tests.Modelling;

public class HandlerModelExpressionTests
{
    [Theory]
    [InlineData("20ms + 1ms/record", 20_000, 1_000)]
    [InlineData("20ms", 20_000, 0)]
    [InlineData("1.5ms/record", 0, 1_500)]
    [InlineData("250us + 3us/record", 250, 3)]
    [InlineData("  250µs+3 us / record ", 250, 3)]
    [InlineData("1ms/record + 2s", 2_000_000, 1_000)]
    [InlineData("1min", 60_000_000, 0)]
    [InlineData("0ms + 700ns/record", 0, 0.7)]
    [InlineData("20ms + 1ms per record", 20_000, 1_000)]
    public void A_fixed_part_a_part_per_record_or_both_can_be_written(string text, double fixedMicroseconds, double perRecordMicroseconds)
    {
        HandlerModel model = HandlerModelExpression.Parse(text);

        Assert.Equal((fixedMicroseconds, perRecordMicroseconds), (model.Fixed.TotalMicroseconds, model.PerRecord.TotalMicroseconds));
        Assert.Empty(model.Variation);
    }

    [Theory]
    [InlineData("20ms + 1ms/record ± 10%")]
    [InlineData("20ms + 1ms/record +- 10 %")]
    [InlineData("20ms+1ms/record+/-10%")]
    public void A_variation_leaves_the_mean_where_it_is(string text)
    {
        HandlerModel model = HandlerModelExpression.Parse(text);

        Assert.Equal((20, 1), (model.Fixed.TotalMilliseconds, model.PerRecord.TotalMilliseconds));
        Assert.Equal(1, model.Variation.Average(), 1e-9);
        Assert.Equal(0.1, Math.Sqrt(model.Variation.Average(ratio => Math.Pow(ratio - 1, 2))), 0.002);
        Assert.Equal(model.Variation.Order(), model.Variation);
    }

    [Theory]
    [InlineData("", "'' is no handler model")]
    [InlineData("fast", "'fast' is no part of a handler model: a number and ns, us, ms, s or min")]
    [InlineData("20", "'20' is no part of a handler model")]
    [InlineData("20 ticks", "'20 ticks' is no part")]
    [InlineData("-20ms", "'-20ms' is no part")]
    [InlineData("20ms + 1ms/batch", "'1ms/batch' is no part")]
    [InlineData("20ms + 30ms", "'30ms' is the second fixed part; add the two up")]
    [InlineData("1ms/record + 2ms/record", "'2ms/record' is the second part per record")]
    [InlineData("20min", "longer than the 15 min that a function may take")]
    [InlineData("20ms ± 400%", "± 400% is too much: the variation can be 0 to 300 %")]
    [InlineData("20ms ± ten%", "'20ms ± ten%' is no handler model")]
    [InlineData("0ms", "takes no time at all")]
    public void What_is_wrong_is_said_with_what_is_allowed(string text, string mistake)
    {
        Assert.False(HandlerModelExpression.TryParse(text, out _, out string? said));
        Assert.Contains(mistake, said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("20ms + 1ms/record")]
    [InlineData("20ms")]
    [InlineData("1.5ms/record")]
    [InlineData("250us + 3us/record")]
    [InlineData("1.234s + 12.34ms/record ± 25%")]
    public void An_expression_is_written_as_it_was_read(string text) =>
        Assert.Equal(text, HandlerModelExpression.Write(HandlerModelExpression.Parse(text)));

    [Fact]
    public void What_is_written_means_the_same() =>
        Gen.Select(Gen.Int[0, 100_000_000], Gen.Int[1, 10_000_000], Gen.Int[0, 60]).Sample((fixedTicks, perRecordTicks, percent) =>
        {
            HandlerModel model = HandlerModelExpression.Parse(
                FormattableString.Invariant($"{fixedTicks / 10.0}us + {perRecordTicks / 10.0}us/record ± {percent}%"));

            HandlerModel again = HandlerModelExpression.Parse(HandlerModelExpression.Write(model));

            AssertNear(model.Fixed, again.Fixed);
            AssertNear(model.PerRecord, again.PerRecord);
            Assert.Equal(Deviation(model), Deviation(again), 0.03);
        });

    [Fact]
    public void A_mean_that_is_above_the_line_is_part_of_what_is_written()
    {
        var model = new HandlerModel { Fixed = TimeSpan.FromMilliseconds(10), PerRecord = TimeSpan.FromMilliseconds(1), Variation = [1, 1, 1, 3] };

        Assert.Equal("15ms + 1.5ms/record ± 58%", HandlerModelExpression.Write(model));
    }

    private static void AssertNear(TimeSpan expected, TimeSpan actual) =>
        Assert.InRange(actual.Ticks, (expected.Ticks * 0.998) - 1, (expected.Ticks * 1.002) + 1);

    private static double Deviation(HandlerModel model) =>
        model.Variation.IsEmpty ? 0 : Math.Sqrt(model.Variation.Average(ratio => Math.Pow(ratio - 1, 2)));
}
