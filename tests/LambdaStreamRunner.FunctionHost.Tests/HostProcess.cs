using System.Collections.Immutable;
using System.Diagnostics;
using System.Reflection;
using System.Text;
using System.Threading.Channels;

namespace LambdaStreamRunner.FunctionHost.Tests;

/// <summary>A function in a process of its own, started as the runner starts it.</summary>
internal sealed class HostProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Channel<string> _output = Channel.CreateUnbounded<string>();
    private readonly Task<string> _errors;
    private readonly Task _reading;

    private HostProcess(Process process)
    {
        _process = process;
        _errors = process.StandardError.ReadToEndAsync();
        _reading = ReadOutputAsync();
    }

    /// <summary>Its process id.</summary>
    public int Id => _process.Id;

    /// <summary>Full path of an assembly that was built for the tests.</summary>
    public static string PathOf(string assembly) =>
        typeof(HostProcess).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(metadata => metadata.Key == assembly).Value!;

    /// <summary>Starts the host for a handler of one of the fixtures.</summary>
    public static HostProcess Start(FakeRuntimeApi api, string handler, HostStart? how = null)
    {
        how ??= new HostStart();
        string host = PathOf("LambdaStreamRunner.FunctionHost");
        return StartProgram(
            api, [.. how.DotnetArguments, host, .. how.Arguments ?? [PathOf(handler.Split("::")[0])]], how.Variables.Add("_HANDLER", handler));
    }

    /// <summary>Starts a .NET program that talks to the Runtime API.</summary>
    /// <param name="api">The API.</param>
    /// <param name="arguments">What follows <c>dotnet exec</c>.</param>
    /// <param name="variables">Variables over the usual ones.</param>
    public static HostProcess StartProgram(FakeRuntimeApi api, ImmutableArray<string> arguments, ImmutableDictionary<string, string> variables)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add("exec");
        foreach (string argument in arguments)
            start.ArgumentList.Add(argument);
        start.Environment["AWS_LAMBDA_RUNTIME_API"] = api.Address;
        start.Environment["AWS_LAMBDA_FUNCTION_NAME"] = "orders";
        foreach ((string name, string value) in variables)
            start.Environment[name] = value;
        return new HostProcess(Process.Start(start)!);
    }

    /// <summary>The next line of its standard output.</summary>
    public Task<string> LineAsync() => _output.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(FakeRuntimeApi.Patience);

    /// <summary>Lines of its standard output that nobody has read; all of them when it has been disposed of.</summary>
    public IEnumerable<string> LinesLeft
    {
        get
        {
            while (_output.Reader.TryRead(out string? line))
                yield return line;
        }
    }

    /// <summary>Waits until it has ended by itself; answers its exit code and standard error.</summary>
    public async Task<(int Code, string Errors)> ExitAsync()
    {
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(FakeRuntimeApi.Patience);
        return (_process.ExitCode, await _errors);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync();
        await _reading;
        _process.Dispose();
    }

    /// <summary>Lines end with a line feed here; a carriage return, where ReadLine would stop too, is inside a message.</summary>
    private async Task ReadOutputAsync()
    {
        var line = new StringBuilder();
        var room = new char[4096];
        for (int length; (length = await _process.StandardOutput.ReadAsync(room)) > 0;)
        {
            foreach (char letter in room.AsSpan(0, length))
            {
                if (letter != '\n')
                {
                    line.Append(letter);
                    continue;
                }
                _output.Writer.TryWrite(line.ToString());
                line.Clear();
            }
        }
        _output.Writer.TryComplete();
    }
}

/// <summary>How a host is started.</summary>
internal sealed record HostStart
{
    /// <summary>Arguments of dotnet exec before the host.</summary>
    public ImmutableArray<string> DotnetArguments { get; init; } = [];

    /// <summary>The host's own arguments; the handler's assembly by default.</summary>
    public ImmutableArray<string>? Arguments { get; init; }

    /// <summary>Variables over the usual ones.</summary>
    public ImmutableDictionary<string, string> Variables { get; init; } = ImmutableDictionary<string, string>.Empty;
}
