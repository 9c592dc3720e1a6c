using System.Net;
using LambdaStreamRunner.Runner.Hosting;
using LambdaStreamRunner.Runner.Tests.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace LambdaStreamRunner.Runner.Tests.LambdaApi;

/// <summary>What is alike for all actions: paths, bodies, who may ask.</summary>
public class LambdaEndpointTests
{
    [Theory]
    [InlineData("PATCH", "/2015-03-31/event-source-mappings")]
    [InlineData("GET", "/2015-03-31/layers")]
    [InlineData("PUT", "/2017-03-31/tags/a/b")]
    [InlineData("GET", "/2015-03-31/")]
    public async Task What_is_not_served_says_what_is(string method, string path)
    {
        await using LambdaServer server = await LambdaServer.StartAsync();

        LambdaReply reply = await server.SendAsync(new HttpMethod(method), path);

        Assert.Equal((404, "UnknownOperationException"), (reply.Status, reply.ErrorType));
        Assert.StartsWith($"There is no operation {method} {path} here. Served are CreateEventSourceMapping, ListEventSourceMappings,", reply.Message, StringComparison.Ordinal);
        Assert.Contains("x-amzn-RequestId", reply.Headers.Keys);
    }

    [Theory]
    [InlineData("{", "InvalidRequestContentException")]
    [InlineData("[]", "InvalidRequestContentException")]
    [InlineData("7", "InvalidRequestContentException")]
    [InlineData("", "ValidationException")]
    [InlineData("{\"BatchSize\":\"7\"}", "SerializationException")]
    [InlineData("{\"FunctionName\":7}", "SerializationException")]
    [InlineData("{\"Enabled\":\"yes\"}", "SerializationException")]
    [InlineData("{\"DestinationConfig\":[]}", "SerializationException")]
    [InlineData("{\"FunctionName\":\"\\ud800\"}", "SerializationException")]
    [InlineData("{\"\\ud800\":1,\"FunctionName\":\"Clicks\"}", "SerializationException")]
    [InlineData("{\"FilterCriteria\":{\"Filters\":[7]}}", "SerializationException")]
    public async Task A_body_that_cannot_be_read(string body, string error)
    {
        await using LambdaServer server = await LambdaServer.StartAsync();

        LambdaReply reply = await server.SendAsync(HttpMethod.Post, LambdaServer.Mappings, body);

        Assert.Equal((400, error), (reply.Status, reply.ErrorType));
    }

    [Fact]
    public async Task A_body_that_is_nested_without_end_is_refused()
    {
        await using LambdaServer server = await LambdaServer.StartAsync();

        Assert.Equal(400, (await server.SendAsync(HttpMethod.Post, LambdaServer.Mappings, new string('[', 100_000))).Status);
    }

    [Fact]
    public async Task A_body_that_is_too_long_is_refused()
    {
        await using LambdaServer server = await LambdaServer.StartAsync();

        LambdaReply reply = await server.SendAsync(HttpMethod.Post, LambdaServer.Mappings, new byte[(14 * 1024 * 1024) + 1]);

        Assert.Equal((413, "RequestTooLargeException"), (reply.Status, reply.ErrorType));
        Assert.EndsWith(" bytes for the CreateEventSourceMapping operation", reply.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_that_points_here_and_is_not_allowed_is_refused()
    {
        await using LambdaServer server = await LambdaServer.StartAsync();

        Assert.Equal(403, (await server.SendAsync(HttpMethod.Get, LambdaServer.Mappings, null, ("Host", "evil.example"))).Status);
    }

    [Theory]
    [InlineData("http://evil.example")]
    [InlineData("http://localhost:1")]
    public async Task A_page_of_another_origin_changes_nothing(string origin)
    {
        await using LambdaServer server = await LambdaServer.StartAsync();

        LambdaReply create = await server.SendAsync(HttpMethod.Post, LambdaServer.Mappings, LambdaServer.NewMapping(), ("Origin", origin));
        LambdaReply invoke = await server.SendAsync(HttpMethod.Post, "/2015-03-31/functions/Other/invocations", "{}", ("Origin", origin));

        Assert.Equal((403, 403), (create.Status, invoke.Status));
        Assert.Equal(0, (await server.SendAsync(HttpMethod.Get, LambdaServer.Mappings)).Json.GetProperty("EventSourceMappings").GetArrayLength());
    }

    [Fact]
    public async Task Joined_to_an_application_it_guards_itself_against_pages_and_shares_the_port()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddLambdaStreamRunner(runner => runner.AddStream("clicks").AddFunction("Clicks", new ClickHandler().HandleAsync));
        await using WebApplication app = builder.Build();
        app.MapGet("/hello", () => "from the application");
        app.MapLambdaStreamRunner();
        await app.StartAsync(TestContext.Current.CancellationToken);
        using var http = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };

        using var page = new HttpRequestMessage(HttpMethod.Delete, $"{LambdaServer.Mappings}/{Guid.NewGuid()}");
        page.Headers.Add("Origin", "http://evil.example");
        using HttpResponseMessage refused = await http.SendAsync(page, TestContext.Current.CancellationToken);
        using HttpResponseMessage list = await http.GetAsync(LambdaServer.Mappings, TestContext.Current.CancellationToken);

        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.OK), (refused.StatusCode, list.StatusCode));
        Assert.Equal("{\"EventSourceMappings\":[]}", await list.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal("from the application", await http.GetStringAsync("/hello", TestContext.Current.CancellationToken));
        await app.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task While_the_runner_stops_nothing_is_changed_any_more()
    {
        TaskCompletionSource started = new(TaskCreationOptions.RunContinuationsAsynchronously), released = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using LambdaServer server = await LambdaServer.StartAsync(options => options.AddFunction("Slow", async (ClickEvent _) =>
        {
            started.TrySetResult();
            await released.Task;
        }, timeout: TimeSpan.FromMinutes(1)).AddMapping("clicks", "Slow"));
        server.Put("1");
        await started.Task.SoonAsync();

        Task stopping = server.Runner.StopAsync(CancellationToken.None);
        LambdaReply reply = await server.CreateAsync();
        released.SetResult();
        await stopping.SoonAsync();

        Assert.Equal((500, "ServiceException", "Service", "The runner is stopping."), (reply.Status, reply.ErrorType, reply.Text("Type"), reply.Text("Message")));
    }
}
