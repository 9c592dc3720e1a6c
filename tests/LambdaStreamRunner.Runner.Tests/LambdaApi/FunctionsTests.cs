using System.Text.Json;
using LambdaStreamRunner.Runner.Configuration;

namespace LambdaStreamRunner.Runner.Tests.LambdaApi;

/// <summary>https://docs.aws.amazon.com/lambda/latest/api/API_ListFunctions.html, GetFunction and GetFunctionConfiguration</summary>
public class FunctionsTests
{
    private const string Functions = "/2015-03-31/functions";

    [Theory]
    [InlineData("Clicks", "", "$LATEST")]
    [InlineData("Clicks:live", ":live", "1")]
    [InlineData("Clicks?Qualifier=live", ":live", "1")]
    [InlineData("Clicks?Qualifier=$LATEST", ":$LATEST", "$LATEST")]
    [InlineData("arn%3Aaws%3Alambda%3Aus-east-1%3A000000000000%3Afunction%3AClicks", "", "$LATEST")]
    public async Task A_function_is_found_by_name_ARN_and_qualifier(string name, string qualifier, string version)
    {
        await using LambdaServer server = await LambdaServer.StartAsync();
        (string path, string query) = name.Split('?') is [var bare, var rest] ? (bare, $"?{rest}") : (name, "");

        LambdaReply reply = await server.SendAsync(HttpMethod.Get, $"{Functions}/{path}/configuration{query}");

        Assert.Equal((200, "Clicks", LambdaServer.FunctionArn + qualifier, version), (reply.Status, reply.Text("FunctionName"), reply.Text("FunctionArn"), reply.Text("Version")));
        Assert.Equal((3, 128, "Active", "HandleAsync"), (reply.Number("Timeout"), reply.Number("MemorySize"), reply.Text("State"), reply.Text("Handler")));
        LambdaReply whole = await server.SendAsync(HttpMethod.Get, $"{Functions}/{path}{query}");
        Assert.Equal(reply.Json.GetRawText(), whole.Json.GetProperty("Configuration").GetRawText());
    }

    [Fact]
    public async Task One_shows_the_Runtime_that_it_is_configured_with_and_a_remote_one_none()
    {
        await using LambdaServer server = await LambdaServer.StartAsync(options => options
            .AddFunction("Python", function => function with { Hosting = FunctionHosting.Process, Runtime = "python3.13", CodeUri = "app", Handler = "app.handler" })
            .AddFunction("Remote", function => function with { Hosting = FunctionHosting.Remote, Endpoint = ServiceEndpoint.Aws }));

        LambdaReply python = await server.SendAsync(HttpMethod.Get, $"{Functions}/Python/configuration");
        LambdaReply clicks = await server.SendAsync(HttpMethod.Get, $"{Functions}/Clicks/configuration");
        LambdaReply remote = await server.SendAsync(HttpMethod.Get, $"{Functions}/Remote/configuration?Qualifier=prod");

        Assert.Equal(("python3.13", "app.handler"), (python.Text("Runtime"), python.Text("Handler")));
        Assert.Equal($"dotnet{Environment.Version.Major}", clicks.Text("Runtime"));
        Assert.Equal("prod", remote.Text("Version"));
        Assert.False(remote.Json.TryGetProperty("Runtime", out _));
        Assert.False(remote.Json.TryGetProperty("Handler", out _));
    }

    [Theory]
    [InlineData("Nobody", "arn:aws:lambda:us-east-1:000000000000:function:Nobody")]
    [InlineData("Clicks:prod", "arn:aws:lambda:us-east-1:000000000000:function:Clicks:prod")]
    public async Task One_that_is_not_there(string name, string arn)
    {
        await using LambdaServer server = await LambdaServer.StartAsync();

        LambdaReply reply = await server.SendAsync(HttpMethod.Get, $"{Functions}/{name}");

        Assert.Equal((404, "ResourceNotFoundException", $"Function not found: {arn}"), (reply.Status, reply.ErrorType, reply.Text("Message")));
    }

    [Fact]
    public async Task All_are_listed_page_by_page_and_with_their_versions_when_asked()
    {
        await using LambdaServer server = await LambdaServer.StartAsync();

        LambdaReply first = await server.SendAsync(HttpMethod.Get, $"{Functions}/?MaxItems=1");
        LambdaReply second = await server.SendAsync(HttpMethod.Get, $"{Functions}?Marker={Uri.EscapeDataString(first.Text("NextMarker"))}");
        LambdaReply versions = await server.SendAsync(HttpMethod.Get, $"{Functions}?FunctionVersion=ALL");

        Assert.Equal(["Clicks"], NamesIn(first));
        Assert.Equal(["Other"], NamesIn(second));
        Assert.False(second.Json.TryGetProperty("NextMarker", out _));
        Assert.Equal(["Clicks", "Clicks", "Other"], NamesIn(versions));
        Assert.Equal("ValidationException", (await server.SendAsync(HttpMethod.Get, $"{Functions}?FunctionVersion=some")).ErrorType);
    }

    [Theory]
    [InlineData("POST", "/2015-03-31/functions", "CreateFunction")]
    [InlineData("PUT", "/2015-03-31/functions/Clicks/code", "UpdateFunctionCode")]
    [InlineData("PUT", "/2015-03-31/functions/Clicks/configuration", "UpdateFunctionConfiguration")]
    [InlineData("DELETE", "/2015-03-31/functions/Clicks", "DeleteFunction")]
    public async Task Code_never_comes_over_HTTP(string method, string path, string operation)
    {
        await using LambdaServer server = await LambdaServer.StartAsync();

        LambdaReply reply = await server.SendAsync(new HttpMethod(method), path, new { });

        Assert.Equal((400, "InvalidParameterValueException"), (reply.Status, reply.ErrorType));
        Assert.StartsWith($"{operation} is not available: the code and settings of functions never come over HTTP.", reply.Message, StringComparison.Ordinal);
    }

    private static IEnumerable<string> NamesIn(LambdaReply reply) =>
        reply.Json.GetProperty("Functions").EnumerateArray().Select(function => function.GetProperty("FunctionName").GetString()!);
}
