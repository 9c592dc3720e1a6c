using LambdaStreamRunner.Functions.Binding;

namespace LambdaStreamRunner.Functions.Tests.Binding;

public class LogTemplates
{
    [Theory]
    [InlineData("no holes", "no holes")]
    [InlineData("{a} then {b}", "1 then two")]
    [InlineData("{1} then {0}", "two then 1")]
    [InlineData("{a:000} {@b}", "001 two")]
    [InlineData("{a,5}", "1")]
    [InlineData("{{literal}} {a}", "{literal} 1")]
    [InlineData("{a} {b} {c}", "1 two {c}")]
    [InlineData("{0:Q}", "1")]
    [InlineData("{-1} {7}", "{-1} {7}")]
    public void Holes_are_filled_in_order_or_by_number(string template, string text) =>
        Assert.Equal(text, LogTemplate.Fill(template, [1, "two"]));

    [Fact]
    public void Without_values_the_text_stays_as_it_is() => Assert.Equal("{\"json\": 1}", LogTemplate.Fill("{\"json\": 1}", []));
}
