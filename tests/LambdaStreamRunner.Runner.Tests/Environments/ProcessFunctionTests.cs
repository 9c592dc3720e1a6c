using System.Diagnostics;
using System.Text.Json;
using LambdaStreamRunner.Functions;
using LambdaStreamRunner.Functions.Invoking;
using LambdaStreamRunner.Runner.Environments;
using LambdaStreamRunner.Runner.Environments.Processes;
using Microsoft.Extensions.Time.Testing;

namespace LambdaStreamRunner.Runner.Tests.Environments;

/// <summary>The life of execution environments, as the AWS page "Understanding the Lambda execution environment lifecycle" has it.</summary>
public sealed class ProcessFunctionTests
{
    [Fact]
    public async Task A_warm_environment_is_used_again()
    {
        await using TestFunction function = await TestFunction.StartAsync("echo");

        JsonElement first = await function.AnswerAsync();
        JsonElement second = await function.AnswerAsync();

        Assert.Equal(first.GetProperty("pid").GetInt32(), second.GetProperty("pid").GetInt32());
        Assert.Equal(2, second.GetProperty("invocations").GetInt32());
        Assert.Equal(1, function.Counts.ColdStarts);
        Assert.True(function.Counts.InitMs.Max > 0);
        Assert.Equal([true, false], function.Reports.Select(report => report.InitDuration is not null));
    }

    [Fact]
    public async Task Invocations_at_the_same_time_have_environments_of_their_own()
    {
        await using TestFunction function = await TestFunction.StartAsync("obey");
        using var enough = new CancellationTokenSource();
        Task<FunctionResult> hanging = function.InvokeUntilAsync("""{"do":"hang"}""", enough.Token);
        await function.LineAsync(line => line.Text == "hanging");

        await function.AnswerAsync("""{"do":"succeed"}""");
        await function.AnswerAsync("""{"do":"succeed"}""");

        await enough.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => hanging);
        Assert.Equal(2, function.Counts.ColdStarts);
        Assert.Equal(2, function.Counts.MaxEnvironments);
    }

    [Theory]
    [InlineData("""{"do":"exit","code":3}""", "Runtime.ExitError", "Error: Runtime exited with error: exit status 3")]
    [InlineData("""{"do":"exit","code":0}""", "Runtime.ExitError", "Error: Runtime exited without providing a reason")]
    [InlineData("""{"do":"die"}""", "Runtime.ExitError", "Error: Runtime exited with error: signal: killed")]
    public async Task An_environment_that_ends_in_an_invocation_fails_it_and_is_replaced(string order, string type, string message)
    {
        await using TestFunction function = await TestFunction.StartAsync("obey");

        FunctionError error = await function.ErrorAsync(order);
        await function.AnswerAsync("""{"do":"succeed"}""");

        Assert.Equal(type, error.ErrorType);
        Assert.Matches($"^RequestId: [0-9a-f-]{{36}} {message}$", error.ErrorMessage);
        Assert.Equal((2L, 1L), (function.Counts.ColdStarts, function.Counts.Crashed));
        Assert.Equal(["error", null], function.Reports.Select(report => report.Status));
    }

    [Fact]
    public async Task An_environment_that_ended_while_it_was_idle_costs_no_attempt()
    {
        await using TestFunction function = await TestFunction.StartAsync("exit_after");

        int first = (await function.AnswerAsync()).GetInt32();
        int second = (await function.AnswerAsync()).GetInt32();

        Assert.NotEqual(first, second);
        Assert.Equal(2, function.Counts.ColdStarts);
    }

    [Fact]
    public async Task At_the_deadline_the_process_is_ended_and_the_next_attempt_has_another()
    {
        var time = new FakeTimeProvider(DateTimeOffset.Parse("2026-01-31T12:00:00Z", System.Globalization.CultureInfo.InvariantCulture));
        await using TestFunction function = await TestFunction.StartAsync("obey", time, TimeSpan.FromSeconds(3));
        int pid = (await function.AnswerAsync("""{"do":"pid"}""")).GetInt32();
        Task<FunctionResult> hanging = function.InvokeAsync("""{"do":"hang"}""");

        time.Advance(TimeSpan.FromSeconds(2.9));
        Assert.False(hanging.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(0.1));

        var late = Assert.IsType<FunctionResult.TimedOut>(await hanging);
        Assert.Matches("^2026-01-31T12:00:03.000Z [0-9a-f-]{36} Task timed out after 3.00 seconds$", late.Message);
        Assert.Throws<ArgumentException>(() => Process.GetProcessById(pid));
        Assert.NotEqual(pid, (await function.AnswerAsync("""{"do":"pid"}""")).GetInt32());
        Assert.Equal(1, function.Counts.TimedOut);
        Assert.Contains(function.Reports, report => report.Status == "timeout" && report.Duration == TimeSpan.FromSeconds(3));
    }

    [Fact]
    public async Task An_init_that_fails_fails_the_invocation_with_its_error()
    {
        await using TestFunction function = await TestFunction.StartAsync("fail_init");

        FunctionError error = await function.ErrorAsync();

        Assert.Equal(("ImportError", "No module named 'missing'"), (error.ErrorType, error.ErrorMessage));
        Assert.Equal((0L, 1L), (function.Counts.ColdStarts, function.Counts.FailedInits));
    }

    [Fact]
    public async Task A_process_that_ends_in_its_init_fails_the_invocation()
    {
        await using TestFunction function = await TestFunction.StartAsync("exit_in_init");

        FunctionError error = await function.ErrorAsync();

        Assert.Equal(("Runtime.ExitError", "Error: Runtime exited with error: exit status 7"), (error.ErrorType, error.ErrorMessage));
    }

    [Fact]
    public async Task A_process_that_ends_between_its_init_and_its_first_event_is_told_as_it_ended()
    {
        await using TestFunction function = await TestFunction.StartAsync("exit_after_init");

        FunctionError error = await function.ErrorAsync();

        Assert.Equal("Runtime.ExitError", error.ErrorType);
        Assert.EndsWith("Error: Runtime exited with error: exit status 9", error.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_init_that_hangs_is_ended_after_10_s_and_begins_anew_within_the_Timeout()
    {
        var time = new FakeTimeProvider();
        var again = new TaskCompletionSource<string>();
        await using TestFunction function = await TestFunction.StartAsync("hang_in_init", time, TimeSpan.FromSeconds(3), again.SetResult);
        Task<FunctionResult> hanging = function.InvokeAsync();

        await AdvanceUntilAsync(time, Task.WhenAny(again.Task, hanging));
        Assert.Equal("Odd: the init took longer than 10 s; it begins anew as a part of the invocation, within its Timeout of 3 s.", await again.Task);
        await AdvanceUntilAsync(time, hanging);

        Assert.Contains("Task timed out after 3.00 seconds", Assert.IsType<FunctionResult.TimedOut>(await hanging).Message, StringComparison.Ordinal);
        Assert.Equal((0L, 2L), (function.Counts.ColdStarts, function.Counts.FailedInits));
    }

    [Fact]
    public async Task An_environment_that_nobody_needs_is_ended_after_five_minutes()
    {
        var time = new FakeTimeProvider();
        await using TestFunction function = await TestFunction.StartAsync("obey", time);
        int pid = (await function.AnswerAsync("""{"do":"pid"}""")).GetInt32();

        time.Advance(EnvironmentPool.IdleMax - TimeSpan.FromSeconds(31));
        Assert.Equal(pid, (await function.AnswerAsync("""{"do":"pid"}""")).GetInt32());
        time.Advance(EnvironmentPool.IdleMax + TimeSpan.FromSeconds(30));

        Assert.NotEqual(pid, (await function.AnswerAsync("""{"do":"pid"}""")).GetInt32());
        Assert.Equal(1, function.Counts.Retired);
    }

    [Fact]
    public async Task Lines_belong_to_the_invocation_that_runs()
    {
        await using TestFunction function = await TestFunction.StartAsync("log");

        await function.AnswerAsync();

        FunctionLogLine plain = await function.LineAsync(line => line.Text == "plain");
        FunctionLogLine structured = await function.LineAsync(line => line.Text == "two\nlines");
        Assert.Equal(("Odd", "Information"), (plain.FunctionName, plain.Level));
        Assert.Equal((plain.RequestId, "Warning"), (structured.RequestId, structured.Level));
        Assert.Equal(plain.RequestId, function.Reports.Single().RequestId);
    }

    [Fact]
    public async Task An_abandoned_invocation_ends_its_process()
    {
        await using TestFunction function = await TestFunction.StartAsync("obey");
        int pid = (await function.AnswerAsync("""{"do":"pid"}""")).GetInt32();
        using var enough = new CancellationTokenSource();
        Task<FunctionResult> hanging = function.InvokeUntilAsync("""{"do":"hang"}""", enough.Token);

        await enough.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => hanging);
        Assert.Throws<ArgumentException>(() => Process.GetProcessById(pid));
    }

    /// <summary>Larger than what lies in buffers between the two.</summary>
    private static readonly string LargeEvent = $"\"{new string('x', 5_000_000)}\"";

    [Fact]
    public async Task A_runtime_that_answers_and_never_reads_its_event_is_cut_off_at_the_deadline()
    {
        await using TestFunction function = await TestFunction.StartAsync("answer_unread", timeout: TimeSpan.FromSeconds(1));

        Assert.IsType<FunctionResult.Succeeded>(await function.InvokeAsync(LargeEvent));
        Assert.IsType<FunctionResult.Succeeded>(await function.InvokeAsync(LargeEvent));

        Assert.Equal(2, function.Counts.ColdStarts);
    }

    [Fact]
    public async Task A_runtime_that_hangs_before_it_has_read_its_event_times_out()
    {
        await using TestFunction function = await TestFunction.StartAsync("hang_unread", timeout: TimeSpan.FromSeconds(1));

        Assert.IsType<FunctionResult.TimedOut>(await function.InvokeAsync(LargeEvent));

        Assert.Equal(1, function.Counts.TimedOut);
    }

    [Fact]
    public async Task A_log_that_cannot_be_written_hinders_neither_the_next_attempt_nor_the_end()
    {
        bool isBroken = true;
        await using TestFunction function = await TestFunction.StartAsync("obey", logLine: _ =>
        {
            if (isBroken)
                throw new IOException("The log is broken.");
        });

        IOException broken = await Assert.ThrowsAsync<IOException>(() => function.InvokeAsync("""{"do":"hang"}"""));
        isBroken = false;
        await function.AnswerAsync("""{"do":"succeed"}""");

        Assert.Equal("The log is broken.", broken.Message);
        Assert.Equal((2L, 1L), (function.Counts.ColdStarts, function.Counts.Crashed));
    }

    [Fact]
    public async Task A_hundred_megabytes_of_output_do_not_stop_an_invocation()
    {
        await using TestFunction function = await TestFunction.StartAsync("shout", timeout: TimeSpan.FromMinutes(2));

        await function.AnswerAsync();

        Assert.Equal(1, function.Counts.ColdStarts);
    }

    [Fact]
    public async Task Children_of_a_function_end_with_its_environment()
    {
        int[] children;
        await using (TestFunction function = await TestFunction.StartAsync("fork"))
            children = [.. (await function.AnswerAsync()).EnumerateArray().Select(pid => pid.GetInt32())];

        Assert.Equal(2, children.Length);
        Assert.DoesNotContain(ProcessTable.Read(), process => children.Contains(process.Id));
    }

    [Fact]
    public async Task A_function_that_takes_more_memory_than_it_may_is_ended_and_its_batch_fails()
    {
        await using TestFunction function = await TestFunction.StartAsync("leak", timeout: TimeSpan.FromMinutes(2), memorySize: 128);

        FunctionError error = await function.ErrorAsync();

        Assert.Equal("Runtime.OutOfMemory", error.ErrorType);
        Assert.EndsWith("Error: Runtime exited with error: signal: killed", error.ErrorMessage, StringComparison.Ordinal);
        Assert.InRange(function.Counts.MaxMemoryUsedMB, 100, 400);
    }

    // The clock is virtual and the processes are not: time goes on until what is waited for has happened.
    private static async Task AdvanceUntilAsync(FakeTimeProvider time, Task happened)
    {
        while (!happened.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }
}
