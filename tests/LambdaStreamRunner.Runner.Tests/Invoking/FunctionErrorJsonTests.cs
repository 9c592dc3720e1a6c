using System.Text;
using LambdaStreamRunner.Functions.Invoking;
using LambdaStreamRunner.Runner.Invoking;

namespace LambdaStreamRunner.Runner.Tests.Invoking;

/// <summary>Whatever a function says when it fails, its attempt has failed: an exception here would try a poison record for ever.</summary>
public sealed class FunctionErrorJsonTests
{
    [Theory]
    [InlineData("""{"errorType":"UnicodeError","errorMessage":"no file a\udc80"}""", "UnicodeError", """no file a\udc80""")]
    [InlineData("""{"errorType":"\ud800","errorMessage":"x"}""", """\ud800""", "x")]
    [InlineData("""{"\udc80\udc80\udc80\udc80":1,"errorType":"E","errorMessage":"x"}""", "Unhandled", """{"\udc80\udc80\udc80\udc80":1,"errorType":"E","errorMessage":"x"}""")]
    public void Half_a_surrogate_pair_is_told_as_it_is_written(string json, string type, string message)
    {
        FunctionError error = FunctionErrorJson.Read(Encoding.UTF8.GetBytes(json), "Unhandled");

        Assert.Equal((type, message), (error.ErrorType, error.ErrorMessage));
    }

    [Fact]
    public void So_is_one_in_a_stack_trace_or_a_cause()
    {
        FunctionError error = FunctionErrorJson.Read(
            """{"errorType":"E","errorMessage":"x","stackTrace":["at \udc80()"],"cause":{"errorType":"C","errorMessage":"\ud800"}}"""u8.ToArray(), "Unhandled");

        Assert.Equal(["""at \udc80()"""], error.StackTrace);
        Assert.Equal("""\ud800""", error.Cause!.ErrorMessage);
    }

    [Fact]
    public void Bytes_that_are_no_UTF8_are_no_reason_to_throw()
    {
        byte[] json = [.. "{\"errorType\":\"E\",\"errorMessage\":\"a"u8, 0xff, .. "\"}"u8];

        Assert.Equal(("E", "a\ufffd"), (FunctionErrorJson.Read(json, "Unhandled").ErrorType, FunctionErrorJson.Read(json, "Unhandled").ErrorMessage));
    }
}
