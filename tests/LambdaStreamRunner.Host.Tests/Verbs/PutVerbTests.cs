using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace LambdaStreamRunner.Host.Tests.Verbs;

/// <summary>A <c>run</c> that takes what the tests of <c>put</c> send to it.</summary>
public sealed class RunningServer : IAsyncLifetime
{
    private readonly Workspace _workspace = new();
    private LambdaStream _program = null!;

    public string Endpoint { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        _program = LambdaStream.Start(_workspace, "run", "--config", _workspace.Configure("Succeed"), "--port", "0");
        Endpoint = (await _program.EndpointAsync()).ToString();
    }

    public async ValueTask DisposeAsync()
    {
        await _program.DisposeAsync();
        _workspace.Dispose();
    }
}

/// <summary><c>put</c> against a running <c>run</c>.</summary>
public sealed class PutVerbTests(RunningServer server) : IClassFixture<RunningServer>, IDisposable
{
    private readonly Workspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public async Task A_file_is_put_and_lines_without_a_key_are_named()
    {
        _workspace.WriteLines("lines", ["a 1", "", "b 2"]);

        (int exitCode, string json, string error) = await PutAsync("--input", "lines", "--partition-key", "/^(\\S+)/", "--json");

        Assert.Equal(1, exitCode);
        Assert.Equal((3, 2, 1), (Count(json, "records"), Count(json, "put"), Count(json, "refusedLines")));
        Assert.Contains("line 2", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Standard_input_is_put()
    {
        await using LambdaStream put = LambdaStream.Start(_workspace, "put", "--endpoint", server.Endpoint, "--stream", "clicks", "--partition-key", "a", "--json");
        await put.Input.WriteAsync("one\ntwo\n");
        put.Input.Close();

        Assert.Equal(0, await put.ExitAsync());
        Assert.Equal(2, Count(put.Out, "put"));
    }

    [Fact]
    public async Task Generated_records_are_put()
    {
        (int exitCode, string json, _) = await PutAsync("--generate", "1234", "--keys", "50", "--zipf", "--size", "200", "--json");

        Assert.Equal((0, 1234, 0), (exitCode, Count(json, "put"), Count(json, "notPut")));
    }

    [Fact]
    public async Task Aggregated_records_are_fewer_on_the_stream()
    {
        (int exitCode, string json, string error) = await PutAsync("--generate", "3000", "--keys", "50", "--aggregate", "--aggregate-size", "10000", "--json");

        Assert.Equal((0, 3000, 0), (exitCode, Count(json, "put"), Count(json, "notPut")));
        Assert.InRange(Count(json, "kinesisRecords"), 30, 300);
        Assert.DoesNotContain("per key", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--aggregate-size goes with --aggregate", "--aggregate-size", "1000")]
    [InlineData("--aggregate-size takes 64 to", "--aggregate", "--aggregate-size", "10")]
    [InlineData("--connections takes 1 to 64", "--connections", "0")]
    public async Task Options_that_make_no_sense_are_refused(string complaint, params string[] options)
    {
        (int exitCode, _, string error) = await PutAsync([.. options, "--generate", "1"]);

        Assert.Equal(2, exitCode);
        Assert.Contains(complaint, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_faulty_stream_gets_everything_in_order_and_both_sides_count_it()
    {
        string config = _workspace.Configure("Succeed", faults: new { ThrottleRate = 0.1, ErrorRate = 0.02, LatencyMs = new[] { 1, 5 }, Seed = 11 });
        await using LambdaStream run = LambdaStream.Start(_workspace, "run", "--config", config, "--port", "0", "--json");
        string endpoint = (await run.EndpointAsync()).ToString();

        (int exitCode, string json, string error) = await LambdaStream.RunAsync(
            _workspace, "put", "--endpoint", endpoint, "--stream", "clicks", "--generate", "2000", "--keys", "200", "--json");
        await run.SignalAsync("INT");

        Assert.True(exitCode == 0, error);
        Assert.Equal((2000, 2000, 0), (Count(json, "records"), Count(json, "put"), Count(json, "notPut")));
        Assert.Equal(0, await run.ExitAsync());
        Assert.Contains("clicks: calls of clients fail on request", run.Error, StringComparison.Ordinal);
        JsonElement summary = JsonSerializer.Deserialize<JsonElement>(run.Out);
        JsonElement faults = Assert.Single(summary.GetProperty("faults").EnumerateArray());
        Assert.Equal(("clicks", 11), (faults.GetProperty("stream").GetString(), faults.GetProperty("seed").GetInt32()));
        Assert.True(faults.GetProperty("counts").GetProperty("throttledRecords").GetInt64() > 50, faults.GetRawText());
        JsonElement mapping = LambdaStream.MappingOf(run.Out);
        Assert.Equal(0, LambdaStream.Count(mapping, "orderViolations"));
        Assert.Equal(2000, LambdaStream.Count(mapping, "records"));
    }

    [Fact]
    public async Task A_rate_is_kept_in_real_time()
    {
        long start = Stopwatch.GetTimestamp();

        (int exitCode, string output, _) = await PutAsync("--generate", "11", "--rate", "10");

        Assert.Equal(0, exitCode);
        Assert.Contains("11 records put", output, StringComparison.Ordinal);
        Assert.True(Stopwatch.GetElapsedTime(start) >= TimeSpan.FromSeconds(1), "The eleventh record is due after a second.");
    }

    [Fact]
    public async Task A_stream_that_does_not_exist_is_the_endpoints_own_complaint()
    {
        (int exitCode, _, string error) = await LambdaStream.RunAsync(_workspace, "put", "--endpoint", server.Endpoint, "--stream", "nowhere", "--generate", "1");

        Assert.Equal(3, exitCode);
        Assert.Contains("ResourceNotFoundException: Stream nowhere under account 000000000000 not found.", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_endpoint_that_nobody_serves_is_named_with_what_to_do()
    {
        using var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        string endpoint = $"http://127.0.0.1:{((IPEndPoint)free.LocalEndpoint).Port}/";
        free.Stop();

        (int exitCode, string json, string error) = await LambdaStream.RunAsync(
            _workspace, "put", "--endpoint", endpoint, "--stream", "clicks", "--generate", "3", "--json");

        Assert.Equal(3, exitCode);
        Assert.Contains($"{endpoint} cannot be reached", error, StringComparison.Ordinal);
        Assert.Contains("--endpoint URL", error, StringComparison.Ordinal);
        Assert.Equal((0, 3), (Count(json, "put"), Count(json, "notPut")));
    }

    [Theory]
    [InlineData("HTTP/1.1 404 Not Found", """{"error":"no such page"}""")]
    [InlineData("HTTP/1.1 200 OK", "<html>hello</html>")]
    [InlineData("HTTP/1.1 500 Oh", "[1]")]
    public async Task An_endpoint_that_is_no_Kinesis_is_refused_in_words(string status, string body)
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        Task answering = AnswerOnceAsync(other, $"{status}\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n{body}");

        (int exitCode, _, string error) = await LambdaStream.RunAsync(
            _workspace, "put", "--endpoint", $"http://127.0.0.1:{((IPEndPoint)other.LocalEndpoint).Port}", "--stream", "clicks", "--generate", "1");
        await answering;

        Assert.True(exitCode == 3, error);
        Assert.Contains(body, error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }

    private static async Task AnswerOnceAsync(TcpListener listener, string answer)
    {
        using TcpClient client = await listener.AcceptTcpClientAsync(TestContext.Current.CancellationToken);
        NetworkStream stream = client.GetStream();
        byte[] request = new byte[64 * 1024];
        int read = 0;
        while (!Encoding.ASCII.GetString(request, 0, read).TrimEnd().EndsWith('}'))
            read += await stream.ReadAsync(request.AsMemory(read), TestContext.Current.CancellationToken);
        await stream.WriteAsync(Encoding.ASCII.GetBytes(answer), TestContext.Current.CancellationToken);
    }

    private Task<(int ExitCode, string Out, string Error)> PutAsync(params string[] arguments) =>
        LambdaStream.RunAsync(_workspace, ["put", "--endpoint", server.Endpoint, "--stream", "clicks", .. arguments]);

    private static long Count(string json, string name) => LambdaStream.Count(JsonSerializer.Deserialize<JsonElement>(json), name);
}
