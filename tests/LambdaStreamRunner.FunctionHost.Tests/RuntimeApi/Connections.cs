namespace LambdaStreamRunner.FunctionHost.Tests.RuntimeApi;

/// <summary>The conversation with the Runtime API when it is not as smooth as usual.</summary>
public class Connections
{
    [Fact]
    public async Task All_invocations_go_over_one_connection()
    {
        await using var api = await FakeRuntimeApi.StartAsync();
        await using var host = HostProcess.Start(api, "Handlers::Fixtures.EnvironmentReader::Calls");

        await InvokeAsync(api, 1, 50);

        Assert.Equal(1, api.Connections);
    }

    [Fact]
    public async Task A_connection_that_the_server_closes_is_opened_again_and_nothing_is_lost_or_told_twice()
    {
        await using var api = await FakeRuntimeApi.StartAsync();
        api.ClosesAfterPost = true;
        await using var host = HostProcess.Start(api, "Handlers::Fixtures.EnvironmentReader::Calls");

        await InvokeAsync(api, 1, 5);
        api.ClosesAfterPost = false;
        await InvokeAsync(api, 6, 5);

        Assert.InRange(api.Connections, 5, 7);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(65_400)]
    [InlineData(65_536)]
    [InlineData(6_000_000)]
    public async Task Events_of_all_sizes_arrive_whole_with_a_length_or_in_chunks(int length)
    {
        await using var api = await FakeRuntimeApi.StartAsync();
        await using var host = HostProcess.Start(api, "Handlers::Fixtures.EnvironmentReader::Length");
        foreach (bool inChunks in (bool[])[false, true, false])
        {
            api.SendsChunks = inChunks;
            api.Invoke(new string('1', length));
            Assert.Equal($"{length}", (await api.PostedAsync()).Body);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5_000_000)]
    public async Task Answers_of_all_sizes_arrive_whole(int length)
    {
        await using var api = await FakeRuntimeApi.StartAsync();
        await using var host = HostProcess.Start(api, "Unserialized::Unserialized.Function::Echo");
        string json = new('1', length);

        for (int call = 0; call < 3; call++)
        {
            api.Invoke(json);
            Assert.Equal(json, (await api.PostedAsync()).Body);
        }
    }

    [Theory]
    [InlineData(403)]
    [InlineData(413)]
    public async Task An_answer_that_is_refused_is_told_and_does_not_end_the_environment(int status)
    {
        var api = await FakeRuntimeApi.StartAsync();
        api.PostStatus = status;
        await using var host = HostProcess.Start(api, "Handlers::Fixtures.EnvironmentReader::Calls");

        await InvokeAsync(api, 1, 2);
        await api.DisposeAsync();

        (int code, string errors) = await host.ExitAsync();
        Assert.Equal(0, code);
        Assert.StartsWith($"The Runtime API refused the answer of invocation request-1: {status}", errors, StringComparison.Ordinal);
    }

    private static async Task InvokeAsync(FakeRuntimeApi api, int first, int count)
    {
        for (int call = first; call < first + count; call++)
        {
            api.Invoke("{}", new FakeInvocation { RequestId = $"request-{call}" });
            Assert.Equal(new Posted($"/invocation/request-{call}/response", $"{call}", null), await api.PostedAsync());
        }
    }
}
