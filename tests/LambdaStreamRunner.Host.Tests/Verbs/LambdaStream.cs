using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace LambdaStreamRunner.Host.Tests.Verbs;

/// <summary>The program as its users run it: a process with arguments, two outputs and an exit code.</summary>
internal sealed partial class LambdaStream : IAsyncDisposable
{
    /// <summary>Nothing here takes so long unless it hangs; a loaded machine is slow.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    // A shell starts what runs in its background deaf to Ctrl+C, and so would be all that the tests start there.
    private static readonly string[] Interruptible = OperatingSystem.IsLinux() ? ["env", "--default-signal=INT"] : [];

    private static readonly string Dll = Path.Combine(AppContext.BaseDirectory, "LambdaStreamRunner.Host.dll");

    private readonly Process _process;
    private readonly Output _out;
    private readonly Output _error;

    private LambdaStream(Process process)
    {
        _process = process;
        _out = new Output(process.StandardOutput);
        _error = new Output(process.StandardError);
    }

    public string Out => _out.Text;

    public string Error => _error.Text;

    /// <summary>Both, for messages of tests.</summary>
    public string Said => $"{Out}{Environment.NewLine}--- error output ---{Environment.NewLine}{Error}";

    public StreamWriter Input => _process.StandardInput;

    public static LambdaStream Start(Workspace workspace, params string[] arguments) => StartUnder([], workspace, arguments);

    /// <summary>Starts another program that starts this one.</summary>
    /// <param name="command">The other one and its arguments.</param>
    public static LambdaStream StartUnder(string[] command, Workspace workspace, params string[] arguments)
    {
        string[] whole = [.. Interruptible, .. command, "dotnet", Dll, .. arguments];
        var start = new ProcessStartInfo(whole[0], whole[1..])
        {
            WorkingDirectory = workspace.Folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["DOTNET_TieredPGO"] = "0";            // starts a little faster
        return new LambdaStream(Process.Start(start)!);
    }

    /// <summary>Runs to the end with an empty standard input.</summary>
    public static async Task<(int ExitCode, string Out, string Error)> RunAsync(Workspace workspace, params string[] arguments)
    {
        await using LambdaStream program = Start(workspace, arguments);
        program.Input.Close();
        int exitCode = await program.ExitAsync();
        return (exitCode, program.Out, program.Error);
    }

    /// <summary>Waits until one of the outputs holds a text.</summary>
    public async Task SaysAsync(string text)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            Task[] outputs = [_out.HoldsAsync(text, patience.Token), _error.HoldsAsync(text, patience.Token)];
            Task first = await Task.WhenAny(outputs);
            await (first.IsCompletedSuccessfully ? first : outputs.Single(other => other != first));
        }
        catch (Exception never) when (never is OperationCanceledException or EndOfStreamException)
        {
            Assert.Fail($"The program never said '{text}'.{Environment.NewLine}{Said}");
        }
    }

    /// <summary>Waits until one of the outputs holds one of two texts; returns which.</summary>
    public async Task<string> SaysOneOfAsync(string one, string other)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(Patience);
        Task<string>[] outputs = [Of(_out, one), Of(_out, other), Of(_error, one), Of(_error, other)];
        return await await Task.WhenAny(outputs);

        async Task<string> Of(Output output, string text)
        {
            await output.HoldsAsync(text, patience.Token);
            return text;
        }
    }

    /// <summary>Where it listens, once its mappings have begun.</summary>
    public async Task<Uri> EndpointAsync()
    {
        await SaysAsync("ParallelizationFactor");
        return await EndpointLineAsync();
    }

    /// <summary>Where it listens, with mappings or without.</summary>
    public async Task<Uri> EndpointLineAsync()
    {
        await SaysAsync("Kinesis endpoint: ");
        string line = EndpointLine().Match(Said).Groups[1].Value;
        await SaysAsync($"{line}{Environment.NewLine}");      // the line is whole
        return new Uri(EndpointLine().Match(Said).Groups[1].Value);
    }

    /// <summary>Sends TERM, INT or HUP.</summary>
    public async Task SignalAsync(string signal)
    {
        using Process kill = Process.Start("kill", [$"-{signal}", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    public async Task<int> ExitAsync()
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            await _process.WaitForExitAsync(patience.Token);
            await Task.WhenAll(_out.EndAsync(patience.Token), _error.EndAsync(patience.Token));
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"The program does not end.{Environment.NewLine}{Said}");
        }
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
    }

    /// <summary>The one mapping of a summary; the sums are checked here, once for all tests.</summary>
    public static JsonElement MappingOf(string json)
    {
        JsonElement mapping = Assert.Single(JsonSerializer.Deserialize<JsonElement>(json).GetProperty("mappings").EnumerateArray());
        AssertSum(mapping);
        return mapping;
    }

    public static void AssertSum(JsonElement mapping) => Assert.Equal(
        Count(mapping, "records"), Count(mapping, "succeeded") + Count(mapping, "filtered") + Count(mapping, "discarded") + Count(mapping, "unsettled"));

    public static long Count(JsonElement mapping, string name) => mapping.GetProperty(name).GetInt64();

    [GeneratedRegex("Kinesis endpoint: (\\S+)")]
    private static partial Regex EndpointLine();

    /// <summary>What a process writes, gathered while it runs.</summary>
    private sealed class Output
    {
        private readonly StringBuilder _text = new();
        private readonly Task _reading;
        private volatile bool _isAtEnd;
        private TaskCompletionSource _news = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Output(StreamReader reader) => _reading = ReadAsync(reader);

        public string Text
        {
            get
            {
                lock (_text)
                    return _text.ToString();
            }
        }

        public async Task HoldsAsync(string text, CancellationToken cancellation)
        {
            while (true)
            {
                Task news = Volatile.Read(ref _news).Task;
                bool isAtEnd = _isAtEnd;
                if (Text.Contains(text, StringComparison.Ordinal))
                    return;
                if (isAtEnd)
                    throw new EndOfStreamException();
                await news.WaitAsync(cancellation);
            }
        }

        public Task EndAsync(CancellationToken cancellation) => _reading.WaitAsync(cancellation);

        private async Task ReadAsync(StreamReader reader)
        {
            char[] buffer = new char[4096];
            for (int read; (read = await reader.ReadAsync(buffer)) > 0;)
            {
                lock (_text)
                    _text.Append(buffer, 0, read);
                Announce();
            }
            _isAtEnd = true;
            Announce();
        }

        private void Announce() =>
            Interlocked.Exchange(ref _news, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
    }
}
