using LambdaStreamRunner.Runner.Aws;

namespace LambdaStreamRunner.Runner.Tests.Aws;

public class AwsEndpointTests
{
    [Theory]
    [InlineData("aws", "eu-west-1", "https://kinesis.eu-west-1.amazonaws.com/", true)]
    [InlineData("AWS", "cn-north-1", "https://kinesis.cn-north-1.amazonaws.com.cn/", true)]
    [InlineData("https://vpce-1.kinesis.eu-west-1.vpce.amazonaws.com", "eu-west-1", "https://vpce-1.kinesis.eu-west-1.vpce.amazonaws.com/", true)]
    [InlineData("http://127.0.0.1:4567", "us-east-1", "http://127.0.0.1:4567/", false)]
    public void Aws_means_AWS_and_an_address_means_itself(string written, string region, string address, bool isAws)
    {
        AwsEndpoint endpoint = AwsEndpoint.Of("kinesis", region, written);

        Assert.Equal((address, isAws), (endpoint.Address.AbsoluteUri, endpoint.IsAws));
    }

    [Theory]
    [InlineData("aws", true)]
    [InlineData("http://localhost:4567", true)]
    [InlineData("https://kinesis.local", true)]
    [InlineData("localhost:4567", false)]
    [InlineData("ftp://localhost", false)]
    [InlineData("http://user:secret@localhost", false)]
    [InlineData("", false)]
    public void Nothing_else_is_an_endpoint(string written, bool valid) => Assert.Equal(valid, AwsEndpoint.IsValid(written));
}
