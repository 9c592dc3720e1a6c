using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using LambdaStreamRunner.Runner.Hosting;
using LambdaStreamRunner.Runner.Tests.Hosting;

namespace LambdaStreamRunner.Runner.Tests.RunnerApi;

/// <summary>What scripts ask for.</summary>
public class RunnerApiTests
{
    [Fact]
    public async Task The_state_tells_streams_mappings_positions_and_counts()
    {
        await using StreamRunner runner = await StartedAsync(new ClickHandler().HandleAsync);
        using HttpClient http = ClientOf(runner);
        runner.Put("clicks", "a", "1");
        await WaitAsync(http, "until=drained&timeout=30");

        JsonElement state = await http.GetFromJsonAsync<JsonElement>("/_runner/state", TestContext.Current.CancellationToken);

        Assert.True(state.GetProperty("isDrained").GetBoolean());
        Assert.Equal("ACTIVE", state.GetProperty("streams")[0].GetProperty("status").GetString());
        JsonElement mapping = state.GetProperty("mappings")[0];
        Assert.Equal(("clicks → Clicks", "Enabled", "OK"), (mapping.GetProperty("name").GetString(), mapping.GetProperty("state").GetString(), mapping.GetProperty("lastProcessingResult").GetString()));
        Assert.Equal(1, mapping.GetProperty("counts").GetProperty("succeeded").GetInt64());
        Assert.Matches("^[0-9]{56}$", mapping.GetProperty("shards")[0].GetProperty("lastRead").GetString());
    }

    [Fact]
    public async Task The_state_tells_what_a_lane_is_stuck_at()
    {
        await using StreamRunner runner = await StartedAsync((Action<ClickEvent>)(_ => throw new InvalidOperationException("It fails.")));
        using HttpClient http = ClientOf(runner);
        runner.Put("clicks", "stuck", "1");
        using HttpResponseMessage wait = await WaitAsync(http, "timeout=0.5");

        JsonElement state = await http.GetFromJsonAsync<JsonElement>("/_runner/state", TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.RequestTimeout, wait.StatusCode);
        Assert.Contains("not drained after 0.5 s", await wait.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        JsonElement lane = state.GetProperty("mappings")[0].GetProperty("shards")[0].GetProperty("lanes")[0];
        Assert.Equal("stuck", lane.GetProperty("partitionKey").GetString());
        Assert.True(lane.GetProperty("failedAttempts").GetInt32() > 0);
    }

    [Theory]
    [InlineData("until=enabled")]
    [InlineData("until=Enabled&timeout=5")]
    [InlineData("until=drained&mapping=clicks%20%E2%86%92%20Clicks")]
    public async Task What_has_come_about_is_answered_at_once(string query)
    {
        await using StreamRunner runner = await StartedAsync(new ClickHandler().HandleAsync);
        using HttpClient http = ClientOf(runner);
        using HttpResponseMessage answer = await WaitAsync(http, query);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Theory]
    [InlineData("until=tomorrow", "it can be drained, enabled or disabled")]
    [InlineData("until=1", "it can be drained, enabled or disabled")]
    [InlineData("timeout=soon", "it can be 0 to 3600 seconds")]
    [InlineData("timeout=-1", "it can be 0 to 3600 seconds")]
    [InlineData("for=ever", "'for' is not known")]
    public async Task What_is_not_understood_is_said(string query, string text)
    {
        await using StreamRunner runner = await StartedAsync(new ClickHandler().HandleAsync);
        using HttpClient http = ClientOf(runner);
        using HttpResponseMessage answer = await WaitAsync(http, query);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains(text, (await answer.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken)).GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("drained")]
    [InlineData("enabled")]
    [InlineData("disabled")]
    public async Task A_mapping_that_is_not_there_is_not_waited_for(string until)
    {
        await using StreamRunner runner = await StartedAsync(new ClickHandler().HandleAsync);
        using HttpClient http = ClientOf(runner);
        using HttpResponseMessage answer = await WaitAsync(http, $"until={until}&mapping=typo");

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        string message = (await answer.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken)).GetProperty("message").GetString()!;
        Assert.Matches(@"^no mapping is called 'typo'.*'clicks → Clicks' \([0-9a-f-]{36}\)", message);
    }

    private static async Task<StreamRunner> StartedAsync(Delegate handler) => await TestRunner.StartedAsync(
        new StreamRunnerOptions { Port = 0 }.AddStream("clicks").AddFunction("Clicks", handler).AddMapping("clicks", "Clicks"));

    private static HttpClient ClientOf(StreamRunner runner) => new() { BaseAddress = runner.Endpoint };

    private static Task<HttpResponseMessage> WaitAsync(HttpClient http, string query) =>
        http.PostAsync(new Uri($"/_runner/wait?{query}", UriKind.Relative), null, TestContext.Current.CancellationToken);
}
