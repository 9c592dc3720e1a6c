using System.Net;
using Amazon.Runtime;
using LambdaStreamRunner.Runner.Aws;

namespace LambdaStreamRunner.Runner.Tests.Aws;

public sealed class EmulatorCredentialsTests
{
    [Theory]
    [InlineData(null, null, null, "local", "local", "")]
    [InlineData("key", null, null, "local", "local", "")]
    [InlineData(null, "a secret", "token", "local", "local", "")]
    [InlineData("", "a secret", null, "local", "local", "")]
    [InlineData("key", "a secret", null, "key", "a secret", "")]
    [InlineData("key", "a secret", "", "key", "a secret", "")]
    [InlineData("key", "a secret", "token", "key", "a secret", "token")]
    public void They_are_those_of_the_environment_when_it_has_both_and_else_made_up(string? key, string? secret, string? token, string signsAs, string with, string sends)
    {
        var environment = new Dictionary<string, string?> { ["AWS_ACCESS_KEY_ID"] = key, ["AWS_SECRET_ACCESS_KEY"] = secret, ["AWS_SESSION_TOKEN"] = token };

        ImmutableCredentials chosen = EmulatorCredentials.Choose(environment.GetValueOrDefault).GetCredentials();

        Assert.Equal((signsAs, with, sends), (chosen.AccessKey, chosen.SecretKey, chosen.Token ?? ""));
    }

    [Fact]
    public async Task A_server_that_is_not_AWS_gets_them_without_being_asked_for()
    {
        using ScriptedService service = new ScriptedService().Answers(HttpStatusCode.OK, "{}");
        using var client = new AwsClient(AwsEndpoint.Of("sqs", "us-east-1", "http://localhost:1/"), TimeProvider.System, handler: service);

        await client.SendAsync(new AwsRequest("GET"), TestContext.Current.CancellationToken);

        string key = EmulatorCredentials.Choose(Environment.GetEnvironmentVariable).GetCredentials().AccessKey;
        Assert.Contains($"Credential={key}/", service.Requests.Single().Message.Headers.GetValues("Authorization").Single(), StringComparison.Ordinal);
    }
}
