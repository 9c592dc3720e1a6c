using System.Net;
using System.Net.Sockets;

namespace LambdaStreamRunner.Host.Tests.Verbs;

/// <summary>Bad input: a clear sentence, the right exit code, nothing half-started.</summary>
public sealed class RefusalTests : IDisposable
{
    private readonly Workspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public async Task Every_mistake_of_a_configuration_is_told_at_once_with_the_nearest_known_name()
    {
        string config = _workspace.Write("runner.json", """
            {
              "Streams": { "clicks": { "ShardCout": 1 } },
              "EventSourceMapping": [],
              "EventSourceMappings": [ { "EventSourceArn": "click", "FunctionName": "Nobody", "StartingPosition": "TRIM_HORIZON", "BatchSize": 0 } ]
            }
            """);

        string error = await RefusedAsync(2, "run", "--config", config);

        Assert.All(
            ["ShardCout", "ShardCount", "EventSourceMapping ", "'clicks'", "Nobody", "BatchSize is 0", "nothing was started"],
            text => Assert.Contains(text.Trim('\''), error, StringComparison.Ordinal));
    }

    [Fact]
    public Task A_configuration_that_is_not_there_is_named() => RefusesAsync(2, "nowhere.json", "run", "--config", "nowhere.json");

    [Theory]
    [InlineData("missing.log", "missing.log")]
    [InlineData(".", "is a folder")]
    public async Task An_input_that_cannot_be_read_is_named(string input, string expected) =>
        await RefusesAsync(2, expected, "run", "--config", _workspace.Configure("Succeed"), "--input", input, "--stream", "clicks", "--partition-key", "a");

    [Fact]
    public async Task A_stream_that_the_configuration_does_not_have_is_named_with_those_that_it_has()
    {
        _workspace.WriteLines("lines", ["one"]);

        await RefusesAsync(
            2, "--stream is 'nowhere', which the configuration does not have. It has 'clicks'.",
            "run", "--config", _workspace.Configure("Succeed"), "--input", "lines", "--stream", "nowhere", "--partition-key", "a");
    }

    [Fact]
    public async Task Draining_without_an_enabled_mapping_is_refused() => await RefusesAsync(
        2, "--until-drained needs an enabled mapping", "run", "--config", _workspace.Configure("Succeed", new() { ["Enabled"] = false }), "--until-drained");

    [Fact]
    public async Task A_certificate_that_cannot_be_read_is_named()
    {
        string config = _workspace.Configure("Succeed");
        _workspace.WriteLines("no.pem", ["-----BEGIN NOTHING"]);

        await RefusesAsync(2, "missing.pem", "run", "--config", config, "--certificate", "missing.pem");
        await RefusesAsync(2, "no.pem is neither a PEM file with certificate and private key", "run", "--config", config, "--certificate", "no.pem");
    }

    [Fact]
    public async Task An_unknown_option_is_refused_with_a_way_to_help() => await RefusesAsync(2, "lambda-stream run --help", "run", "--prot", "1");

    [Theory]
    [InlineData("OddFunctions::OddFunctions.Handlers::Succeeed", "Succeed")]
    [InlineData("OddFunctions::OddFunctions.Handler::Succeed", "OddFunctions.Handlers")]
    [InlineData("OddFunctions::OddFunctions.Handlers::TakesTooMuch", "TakesTooMuch")]
    [InlineData("OddFunctions::OddFunctions.Broken::Handle", "A_SETTING_THAT_NOBODY_MADE is not set.")]
    public async Task A_handler_that_cannot_be_bound_is_told_with_what_is_there(string handler, string expected) =>
        await RefusesAsync(3, expected, "run", "--config", _workspace.Configure(handler), "--port", "0");

    [Fact]
    public async Task A_project_that_does_not_build_shows_the_compilers_complaint()
    {
        _workspace.Write("Directory.Build.props", "<Project />");
        _workspace.Write("Shop/Shop.csproj", """<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup></Project>""");
        _workspace.Write("Shop/Function.cs", "namespace Shop; public class Function { public void Handle(System.IO.Stream input) => Nonsense(); }");
        string config = _workspace.Write("runner.json", """
            {
              "Streams": { "clicks": {} },
              "Functions": { "Shop": { "CodeUri": "Shop", "Handler": "Shop::Shop.Function::Handle" } },
              "EventSourceMappings": [ { "EventSourceArn": "clicks", "FunctionName": "Shop", "StartingPosition": "LATEST" } ]
            }
            """);

        await RefusesAsync(3, "CS0103", "run", "--config", config, "--port", "0");
    }

    [Fact]
    public async Task A_port_that_is_taken_is_named_with_what_to_do()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        int port = ((IPEndPoint)taken.LocalEndpoint).Port;

        await RefusesAsync(3, $"Port {port} on 127.0.0.1 cannot be opened", "run", "--config", _workspace.Configure("Succeed"), "--port", $"{port}");
    }

    [Fact]
    public async Task An_address_that_is_not_this_machines_is_refused_like_a_port_that_is_taken() => await RefusesAsync(
        3, "Port 0 on 192.0.2.1 cannot be opened", "run", "--config", _workspace.Configure("Succeed"), "--port", "0", "--host", "192.0.2.1");

    private async Task RefusesAsync(int exitCode, string expected, params string[] arguments) =>
        Assert.Contains(expected, await RefusedAsync(exitCode, arguments), StringComparison.Ordinal);

    private async Task<string> RefusedAsync(int expectedExitCode, params string[] arguments)
    {
        (int exitCode, string output, string error) = await LambdaStream.RunAsync(_workspace, arguments);
        string said = output + error;
        Assert.True(exitCode == expectedExitCode, $"Exit code {exitCode}: {said}");
        Assert.DoesNotContain("   at LambdaStreamRunner.Host", said, StringComparison.Ordinal);
        Assert.DoesNotContain("Kinesis endpoint", said, StringComparison.Ordinal);
        return said;
    }
}
