using System.Net;
using System.Net.Sockets;
using System.Text;
using LambdaStreamRunner.Functions;
using LambdaStreamRunner.Functions.Invoking;
using LambdaStreamRunner.Runner.Configuration;
using LambdaStreamRunner.Runner.Debugging;
using LambdaStreamRunner.Runner.Invoking;
using LambdaStreamRunner.Runner.Tests.Environments.Runtimes;
using Microsoft.Extensions.Time.Testing;

namespace LambdaStreamRunner.Runner.Tests.Debugging;

/// <summary>What can be held for a debugger, and the sentences for what cannot.</summary>
public sealed class FunctionDebuggingTests : IDisposable
{
    private readonly CodeFolder _code = new();

    public void Dispose() => _code.Dispose();

    [Fact]
    public void An_unknown_function_is_answered_with_the_nearest_one()
    {
        Assert.Equal(
            "There is no function 'Shopp' to debug. Did you mean 'shop'? The configuration has 'shop'.",
            new FunctionDebugging("Shopp").MistakeIn(Of(_code.Function("nodejs20.x", "index.handler"))));
        Assert.Equal("There is no function 'shop' to debug. The configuration has no functions.", new FunctionDebugging("shop").MistakeIn(new RunnerConfiguration()));
    }

    [Fact]
    public void A_remote_function_is_refused()
    {
        FunctionConfiguration remote = _code.Function(null, "") with { Hosting = FunctionHosting.Remote, Endpoint = ServiceEndpoint.TryParse("http://127.0.0.1:9000") };

        Assert.Equal(
            "Function 'shop' runs at http://127.0.0.1:9000, and only a debugger there can hold it. Debug one with Hosting \"InProcess\" or \"Process\".",
            new FunctionDebugging("shop").MistakeIn(Of(remote)));
    }

    [Theory]
    [InlineData("nodejs20.x", 9300, null)]
    [InlineData("python3.11", 5679, null)]
    [InlineData("python3.11", 0, "The debugger's port is 0; it can be 1 to 65535.")]
    [InlineData("dotnet10", 9300, "A debugger finds 'shop' by its process, so a port is of no use. Leave it out; it is for Node.js and Python.")]
    public void A_port_is_for_languages_whose_debuggers_need_one(string runtime, int port, string? mistake) =>
        Assert.Equal(mistake, new FunctionDebugging("shop", port).MistakeIn(Of(_code.Function(runtime, "x.y"))));

    [Fact]
    public async Task A_runtime_that_cannot_wait_is_refused_before_anything_starts()
    {
        string bootstrap = _code.Write("bootstrap", "#!/bin/sh");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(bootstrap, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        await using var catalog = new FunctionCatalog(TimeProvider.System, FunctionListener.Silent) { Debugging = new FunctionDebugging("shop") };

        string message = (await Assert.ThrowsAsync<FunctionLoadException>(
            () => catalog.LoadAsync([_code.Function("provided.al2023", "")], TestContext.Current.CancellationToken))).Message;

        Assert.Equal("Function 'shop' cannot be debugged so: Nothing tells a bootstrap to wait for a debugger: attach one to its process at any time.", message);
    }

    /// <summary>The module stands for the package: it takes the same arguments, and whoever connects is the debugger.</summary>
    [Fact]
    public async Task Python_waits_for_its_debugger_by_debugpy_which_the_function_may_ship()
    {
        RuntimeProcess.Require("/usr/bin/python3");
        _code.Write("app.py", "def handler(event, context): return 'went on'");
        _code.Write("debugpy/__main__.py", """
            import os, runpy, socket, sys
            (listen, address, wait, program) = sys.argv[1:5]
            assert (listen, wait) == ("--listen", "--wait-for-client")
            host, port = address.split(":")
            with socket.create_server((host, int(port))) as server:
                print("listening", flush=True)
                server.accept()
            sys.argv = sys.argv[4:]
            sys.path.insert(0, os.path.dirname(program))
            runpy.run_path(program, run_name="__main__")
            """);
        int port = NodeDebugger.FreePort();
        var isListening = new TaskCompletionSource();
        var listener = new FunctionListener { LogLine = _ => isListening.TrySetResult() };
        await using var catalog = new FunctionCatalog(TimeProvider.System, listener) { Debugging = new FunctionDebugging("shop", port) };
        IFunction function = await catalog.GetAsync(_code.Function("python3.11", "app.handler"), FunctionConfiguration.Latest, TestContext.Current.CancellationToken);
        Task<FunctionResult> held = function.OpenLane().InvokeAsync("{}"u8.ToArray(), new FunctionInvocation(Guid.NewGuid(), CodeFolder.FunctionArn), TestContext.Current.CancellationToken);
        await isListening.Task.WaitAsync(TestContext.Current.CancellationToken);

        Assert.False(held.IsCompleted);
        using var debugger = new TcpClient();
        await debugger.ConnectAsync(IPAddress.Loopback, port, TestContext.Current.CancellationToken);

        Assert.Equal("\"went on\"", Encoding.UTF8.GetString(Assert.IsType<FunctionResult.Succeeded>(await held).Answer.Span));
    }

    [Fact]
    public async Task This_process_is_named_and_waited_for_until_a_debugger_is_attached()
    {
        var time = new FakeTimeProvider();
        bool isAttached = false;
        List<string> said = [];
        Task waiting = new DebuggerWait(time) { IsAttached = () => isAttached }.UntilAttachedAsync("shop", said.Add, TestContext.Current.CancellationToken);

        time.Advance(TimeSpan.FromSeconds(10));
        Assert.False(waiting.IsCompleted);
        isAttached = true;
        time.Advance(TimeSpan.FromSeconds(1));

        await waiting.WaitAsync(TestContext.Current.CancellationToken);
        Assert.Equal($"shop: waiting for the .NET debugger of your IDE to attach to process {Environment.ProcessId}, in which it runs.", Assert.Single(said));
        await new DebuggerWait(time) { IsAttached = () => true }.UntilAttachedAsync("shop", said.Add, TestContext.Current.CancellationToken);
        Assert.Single(said);
    }

    private static RunnerConfiguration Of(FunctionConfiguration function) => new() { Functions = [function] };
}
