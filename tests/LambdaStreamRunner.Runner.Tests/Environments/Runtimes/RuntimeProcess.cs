using System.Diagnostics;
using System.Text;
using LambdaStreamRunner.FunctionHost.Tests;
using LambdaStreamRunner.Functions.Building;
using LambdaStreamRunner.Runner.Configuration;
using LambdaStreamRunner.Runner.Environments;
using LambdaStreamRunner.Runner.Environments.Runtimes;

namespace LambdaStreamRunner.Runner.Tests.Environments.Runtimes;

/// <summary>A planned environment as a real process, with a fake of the Runtime API to talk to.</summary>
internal sealed class RuntimeProcess : IAsyncDisposable
{
    /// <summary>When an invocation is cut off: tests compare the time that is left.</summary>
    private static readonly DateTimeOffset FarAway = new(2100, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly FakeRuntimeApi _api;
    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly Task _reading;
    private int _invocations;

    private RuntimeProcess(FakeRuntimeApi api, Process process)
    {
        (_api, _process) = (api, process);
        _reading = Task.WhenAll(ReadAsync(process.StandardOutput), ReadAsync(process.StandardError));
    }

    /// <summary>What it has written.</summary>
    public string Output
    {
        get
        {
            lock (_output)
                return _output.ToString();
        }
    }

    /// <summary>Skips the test when the language is not installed; in CI (variable CI is true) that is a failure.</summary>
    public static void Require(string program)
    {
        if (File.Exists(program))
            return;
        string reason = $"{program} is not installed (apt-get install {Path.GetFileName(program)}).";
        Assert.False(Environment.GetEnvironmentVariable("CI") == "true", reason);
        Assert.Skip(reason);
    }

    /// <summary>Plans a function's environment and starts one.</summary>
    public static async Task<RuntimeProcess> StartAsync(FunctionConfiguration function)
    {
        EnvironmentPlan plan = await EnvironmentPlans.OfAsync(function, new FunctionBuild(), TestContext.Current.CancellationToken);
        FakeRuntimeApi api = await FakeRuntimeApi.StartAsync();
        return new RuntimeProcess(api, Start(function, plan, api.Address));
    }

    /// <summary>Starts the process of a plan alone.</summary>
    /// <param name="function">The function.</param>
    /// <param name="plan">Its plan.</param>
    /// <param name="address">AWS_LAMBDA_RUNTIME_API.</param>
    public static Process Start(FunctionConfiguration function, EnvironmentPlan plan, string address)
    {
        var start = new ProcessStartInfo(plan.Command, plan.Arguments) { WorkingDirectory = plan.TaskRoot, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach ((string name, string value) in plan.Variables.SetItems(VariablesOf(function, plan, address)))
            start.Environment[name] = value;
        return Process.Start(start)!;
    }

    /// <summary>Gives it one invocation, called request-1, request-2 and so on, and waits for what it says.</summary>
    public async Task<RuntimeAnswer> InvokeAsync(string eventJson = "{}")
    {
        Give(eventJson);
        return await AnswerAsync();
    }

    public void Give(string eventJson = "{}") => _api.Invoke(eventJson, new FakeInvocation
    {
        RequestId = $"request-{++_invocations}",
        FunctionArn = CodeFolder.FunctionArn,
        Deadline = FarAway,
        TraceId = "Root=1-0-0",
    });

    public async Task<RuntimeAnswer> AnswerAsync()
    {
        try
        {
            return RuntimeAnswer.Of(await _api.PostedAsync());
        }
        catch (TimeoutException)
        {
            Assert.Fail($"There was no answer. Output:\n{Output}");
            throw;
        }
    }

    /// <summary>Its exit code, once it has ended by itself.</summary>
    public async Task<int> ExitAsync()
    {
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(FakeRuntimeApi.Patience, TestContext.Current.CancellationToken);
        await _reading;
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        await _reading;
        _process.Dispose();
        await _api.DisposeAsync();
    }

    private static Dictionary<string, string> VariablesOf(FunctionConfiguration function, EnvironmentPlan plan, string address) => new()
    {
        ["AWS_LAMBDA_RUNTIME_API"] = address,
        ["_HANDLER"] = plan.Handler,
        ["LAMBDA_TASK_ROOT"] = plan.TaskRoot,
        ["AWS_LAMBDA_FUNCTION_NAME"] = function.Name,
        ["AWS_LAMBDA_FUNCTION_VERSION"] = "$LATEST",
        ["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"] = $"{function.MemorySizeMegabytes}",
        ["AWS_LAMBDA_LOG_GROUP_NAME"] = $"/aws/lambda/{function.Name}",
        ["AWS_LAMBDA_LOG_STREAM_NAME"] = "2026/01/31/[$LATEST]0123456789abcdef0123456789abcdef",
    };

    // Not line by line: carriage returns stand inside of lines.
    private async Task ReadAsync(StreamReader reader)
    {
        char[] buffer = new char[4_096];
        while (await reader.ReadAsync(buffer, CancellationToken.None) is > 0 and int length)
        {
            lock (_output)
                _output.Append(buffer, 0, length);
        }
    }
}
