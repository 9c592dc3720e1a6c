using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace LambdaStreamRunner.FunctionHost.Tests;

/// <summary>How a process begins and ends.</summary>
public class Environments
{
    private const string Calls = "Handlers::Fixtures.EnvironmentReader::Calls";

    [Fact]
    public async Task It_ends_when_the_Runtime_API_is_gone()
    {
        var api = await FakeRuntimeApi.StartAsync();
        await using var host = HostProcess.Start(api, Calls);
        api.Invoke("{}");
        await api.PostedAsync();

        await api.DisposeAsync();

        Assert.Equal((0, ""), await host.ExitAsync());
    }

    [Fact]
    public async Task Without_a_Runtime_API_it_cannot_run()
    {
        var api = await FakeRuntimeApi.StartAsync();
        await api.DisposeAsync();
        await using var host = HostProcess.Start(api, Calls);

        (int code, string errors) = await host.ExitAsync();

        Assert.Equal(1, code);
        Assert.StartsWith($"LambdaStreamRunner.FunctionHost: No Runtime API answers at {api.Address}: ", errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "AWS_LAMBDA_RUNTIME_API names no Runtime API, as in 127.0.0.1:9001. Functions of this kind are started by lambda-stream.")]
    [InlineData("localhost", "AWS_LAMBDA_RUNTIME_API is 'localhost'; it must be HOST:PORT, as in 127.0.0.1:9001.")]
    [InlineData("localhost:99999", "AWS_LAMBDA_RUNTIME_API is 'localhost:99999'; it must be HOST:PORT, as in 127.0.0.1:9001.")]
    public async Task An_address_of_another_form_is_refused(string address, string sentence)
    {
        await using var api = await FakeRuntimeApi.StartAsync();
        await using var host = HostProcess.Start(api, Calls, new HostStart { Variables = Variables(("AWS_LAMBDA_RUNTIME_API", address)) });

        Assert.Equal((1, $"LambdaStreamRunner.FunctionHost: {sentence}{Environment.NewLine}"), await host.ExitAsync());
    }

    [Fact]
    public async Task It_takes_the_functions_assembly_and_nothing_else()
    {
        await using var api = await FakeRuntimeApi.StartAsync();
        await using var host = HostProcess.Start(api, Calls, new HostStart { Arguments = [] });

        Assert.Equal((1, $"LambdaStreamRunner.FunctionHost: It takes one argument, the full path of the function's DLL.{Environment.NewLine}"), await host.ExitAsync());
    }

    [Fact]
    public async Task An_assembly_that_is_missing_is_reported()
    {
        await using var api = await FakeRuntimeApi.StartAsync();
        await using var host = HostProcess.Start(api, Calls, new HostStart { Arguments = ["/nowhere/Handlers.dll"] });

        Assert.Contains("The assembly '/nowhere/Handlers.dll' does not exist.", (await api.PostedAsync()).Body.Replace("\\u0027", "'", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Equal((1, ""), await host.ExitAsync());
    }

    [Fact]
    public async Task It_waits_for_a_debugger_and_names_its_process()
    {
        await using var api = await FakeRuntimeApi.StartAsync();
        await using var host = HostProcess.Start(api, "Handlers::Fixtures.Nowhere::Handle", new HostStart { Variables = Variables(("LAMBDA_STREAM_WAIT_FOR_DEBUGGER", "1")) });

        Assert.Equal($"Waiting for a debugger to attach to process {host.Id}.", await host.LineAsync());
    }

    [Fact]
    public async Task A_functions_own_frameworks_and_settings_are_those_of_its_runtimeconfig()
    {
        await using var api = await FakeRuntimeApi.StartAsync();
        await using var host = HostProcess.Start(api, "Web::Fixtures.Function::Query", On(ConfigurationOf("Web")));

        api.Invoke("a b");

        Assert.Equal("/orders?id=a%20b", (await api.PostedAsync()).Body);
    }

    [Fact]
    public async Task Without_its_runtimeconfig_a_function_on_ASPNET_cannot_find_it()
    {
        await using var api = await FakeRuntimeApi.StartAsync();
        await using var host = HostProcess.Start(api, "Web::Fixtures.Function::Query");
        api.Invoke("a b");

        Posted posted = await api.PostedAsync();

        Assert.Equal("FileNotFoundException", posted.ErrorType);
        Assert.Contains("Microsoft.AspNetCore.WebUtilities", posted.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_function_for_an_older_framework_runs_on_the_newest()
    {
        string configuration = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.runtimeconfig.json");
        JsonNode older = JsonNode.Parse(await File.ReadAllTextAsync(ConfigurationOf("Web"), TestContext.Current.CancellationToken))!;
        foreach (JsonNode? framework in older["runtimeOptions"]!["frameworks"]!.AsArray())
            framework!["version"] = "8.0.0";
        await File.WriteAllTextAsync(configuration, older.ToJsonString(), TestContext.Current.CancellationToken);
        await using var api = await FakeRuntimeApi.StartAsync();
        HostStart how = On(configuration);
        await using var host = HostProcess.Start(api, "Web::Fixtures.Function::Query", how with { DotnetArguments = how.DotnetArguments.AddRange("--roll-forward", "LatestMajor") });

        api.Invoke("a b");

        Assert.Equal("/orders?id=a%20b", (await api.PostedAsync()).Body);
        File.Delete(configuration);
    }

    [Fact]
    public async Task A_function_gets_its_own_version_of_a_package_also_beside_ASPNETs()
    {
        await using var api = await FakeRuntimeApi.StartAsync();
        await using var host = HostProcess.Start(api, "Annotated::Fixtures.Orders_PriceAsync_Generated::PriceAsync", On(ConfigurationOf("Web")));

        api.Invoke("""{"Id":"a1","Amount":3}""");

        Assert.Contains("\"Injection\":\"9.0.0.0\"", (await api.PostedAsync()).Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Handlers::Fixtures.Signatures::Greet", "hello from version 1")]
    [InlineData("HandlersNewer::Fixtures.Function::Greet", "hello from version 2")]
    public async Task A_function_brings_its_own_versions(string handler, string greeting)
    {
        await using var api = await FakeRuntimeApi.StartAsync();
        await using var host = HostProcess.Start(api, handler);

        api.Invoke("{}");

        Assert.Equal(JsonSerializer.Serialize(greeting), (await api.PostedAsync()).Body);
    }

    /// <summary>As the runner starts a function that has a runtimeconfig: its frameworks, and the host's own assemblies.</summary>
    private static HostStart On(string configuration) => new()
    {
        DotnetArguments = ["--runtimeconfig", configuration, "--depsfile", Path.ChangeExtension(HostProcess.PathOf("LambdaStreamRunner.FunctionHost"), ".deps.json")],
    };

    private static string ConfigurationOf(string assembly) => Path.ChangeExtension(HostProcess.PathOf(assembly), ".runtimeconfig.json");

    private static ImmutableDictionary<string, string> Variables(params (string Name, string Value)[] variables) =>
        variables.ToImmutableDictionary(variable => variable.Name, variable => variable.Value);
}
