using System.Net;

namespace LambdaStreamRunner.Host.Tests.Verbs;

/// <summary>Who can reach a run: this machine, unless --host says otherwise, and only under names that are its own or allowed.</summary>
public sealed class ListeningTests : IDisposable
{
    private readonly Workspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public async Task A_run_listens_on_loopback_and_warns_of_nothing()
    {
        await using LambdaStream program = LambdaStream.Start(_workspace, "run", "--config", _workspace.Configure("Succeed"), "--port", "0");

        Uri endpoint = await program.EndpointAsync();

        Assert.Equal(IPAddress.Loopback.ToString(), endpoint.Host);
        Assert.DoesNotContain("Warning", program.Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_for_other_machines_warns_and_still_refuses_other_names()
    {
        await using LambdaStream program = LambdaStream.Start(
            _workspace, "run", "--config", _workspace.Configure("Succeed"), "--port", "0", "--host", "0.0.0.0", "--allow-host", "kinesis.test");
        Uri endpoint = await program.EndpointAsync();
        await program.SaysAsync("Warning: listening on 0.0.0.0, so other machines can put records and run your functions with them.");

        var here = new UriBuilder(endpoint) { Host = "127.0.0.1" };
        Assert.False(await IsLetInAsync(here.Uri, "evil.example"));
        Assert.True(await IsLetInAsync(here.Uri, "kinesis.test"));
        Assert.True(await IsLetInAsync(here.Uri, $"localhost:{endpoint.Port}"));
    }

    /// <summary>True when a GET under a name comes as far as the service, which has another reason to refuse it.</summary>
    private static async Task<bool> IsLetInAsync(Uri address, string host)
    {
        using var handler = new SocketsHttpHandler { UseProxy = false };
        using var http = new HttpClient(handler);
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.Host = host;
        using HttpResponseMessage answer = await http.SendAsync(request, TestContext.Current.CancellationToken);
        string body = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return !body.Contains($"The host {host} is not allowed", StringComparison.Ordinal);
    }
}
