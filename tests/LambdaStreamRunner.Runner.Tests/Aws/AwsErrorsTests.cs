using System.Text;
using LambdaStreamRunner.Runner.Aws;

namespace LambdaStreamRunner.Runner.Tests.Aws;

public sealed class AwsErrorsTests
{
    [Fact]
    public void Texts_that_are_none_are_quoted()
    {
        AwsException error = AwsErrors.Read(500, new HttpResponseMessage().Headers, Encoding.UTF8.GetBytes("""{"__type":"\ud800","message":"x"}"""));

        Assert.Equal(("HTTP 500", """HTTP 500: the answer is '{"__type":"\ud800","message":"x"}'"""), (error.Code, error.Message));
    }

    [Fact]
    public void A_page_for_people_is_quoted_and_its_elements_are_no_code()
    {
        AwsException error = AwsErrors.Read(404, new HttpResponseMessage().Headers, "<html>not found</html>"u8);

        Assert.Equal(("HTTP 404", "HTTP 404: the answer is '<html>not found</html>'"), (error.Code, error.Message));
    }
}
