using Amazon.Lambda.Core;
using LambdaStreamRunner.Functions.Binding;
using LambdaStreamRunner.Functions.Invoking;
using Microsoft.Extensions.Time.Testing;

namespace LambdaStreamRunner.Functions.Tests.Invoking;

/// <summary>In process nothing can end a handler, so its deadline is kept by refusing what comes late.</summary>
public sealed class Timeouts : IDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(3);

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 31, 12, 0, 0, TimeSpan.Zero));
    private readonly List<string> _warnings = [];
    private readonly Queue<TaskCompletionSource<string>> _calls = new(Enumerable.Range(0, 4).Select(_ => new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously)));
    private readonly SemaphoreSlim _started = new(0);
    private readonly TaskCompletionSource _warned = new();

    private static CancellationToken Stopping => TestContext.Current.CancellationToken;

    public void Dispose() => _started.Dispose();

    [Fact]
    public async Task A_handler_that_returns_in_time_succeeds()
    {
        var call = _calls.Peek();
        Task<FunctionResult> attempt = Invoke(Function().OpenLane());
        _time.Advance(TimeSpan.FromSeconds(2.9));

        call.SetResult("done");

        Assert.Equal("\"done\"", Fixture.TextOf(await attempt));
    }

    [Fact]
    public async Task At_the_deadline_the_attempt_fails_in_AWSs_words_and_the_late_result_is_refused()
    {
        var call = _calls.Peek();
        Task<FunctionResult> attempt = Invoke(Function().OpenLane());

        _time.Advance(Timeout);
        FunctionResult result = await attempt;
        call.SetResult("late");

        Assert.Equal(
            "2026-01-31T12:00:03.000Z 00000000-0000-0000-0000-000000000007 Task timed out after 3.00 seconds",
            Assert.IsType<FunctionResult.TimedOut>(result).Message);
    }

    [Fact]
    public async Task The_next_attempt_starts_when_the_old_call_has_returned()
    {
        var function = Function();
        var lane = function.OpenLane();
        var (first, second) = (_calls.ToArray()[0], _calls.ToArray()[1]);
        Task<FunctionResult> attempt = Invoke(lane);
        await _started.WaitAsync(Stopping);
        _time.Advance(Timeout);
        await attempt;

        Task<FunctionResult> next = Invoke(lane);
        Assert.Equal(0, _started.CurrentCount);
        first.SetResult("late");
        await _started.WaitAsync(Stopping);
        second.SetResult("in time");

        Assert.Equal("\"in time\"", Fixture.TextOf(await next));
        Assert.Equal(0, function.OverlappingCalls);
        Assert.Empty(_warnings);
    }

    [Fact]
    public async Task After_one_more_Timeout_the_next_attempt_starts_beside_the_old_call_and_is_counted()
    {
        var function = Function();
        var lane = function.OpenLane();
        var second = _calls.ToArray()[1];
        Task<FunctionResult> attempt = Invoke(lane);
        await _started.WaitAsync(Stopping);
        _time.Advance(Timeout);
        await attempt;

        Task<FunctionResult> next = Invoke(lane);
        _time.Advance(Timeout - TimeSpan.FromMilliseconds(1));
        Assert.False(next.IsCompleted);
        Assert.Equal(0, function.OverlappingCalls);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        second.SetResult("in time");

        Assert.Equal("\"in time\"", Fixture.TextOf(await next));
        Assert.Equal(1, function.OverlappingCalls);
        Assert.Equal(["Function 'orders': the call 00000000-0000-0000-0000-000000000007 is still running 3 s after its deadline; the next attempt starts beside it."], _warnings);
    }

    [Fact]
    public async Task Other_lanes_do_not_wait_for_a_stuck_one()
    {
        var function = Function();
        Task<FunctionResult> stuck = Invoke(function.OpenLane());
        await _started.WaitAsync(Stopping);
        _calls.Peek().SetResult("other");

        Assert.Equal("\"other\"", Fixture.TextOf(await Invoke(function.OpenLane())));
        Assert.False(stuck.IsCompleted);
    }

    [Fact]
    public async Task A_handler_that_never_yields_does_not_hold_its_caller()
    {
        using var release = new ManualResetEventSlim();
        var function = new InProcessFunction(HandlerBinder.Bind((Stream _) => release.Wait(Stopping)), Fixture.Settings, _time);
        Task<FunctionResult> attempt = Invoke(function.OpenLane());

        _time.Advance(Timeout);

        Assert.IsType<FunctionResult.TimedOut>(await attempt);
        release.Set();
    }

    [Fact]
    public async Task The_handler_sees_its_remaining_time_shrink()
    {
        var function = new InProcessFunction(
            HandlerBinder.Bind((ILambdaContext context) =>
            {
                TimeSpan before = context.RemainingTime;
                _time.Advance(TimeSpan.FromSeconds(1));
                return $"{before.TotalSeconds} {context.RemainingTime.TotalSeconds} {context.AwsRequestId}";
            }),
            Fixture.Settings, _time)
        { IsDebuggerAttached = () => false };

        Assert.Equal("\"3 2 00000000-0000-0000-0000-000000000007\"", Fixture.TextOf(await Invoke(function.OpenLane())));
    }

    [Fact]
    public async Task While_a_debugger_is_attached_nothing_times_out_and_that_is_said_once()
    {
        bool attached = true;
        var function = Function(() => Volatile.Read(ref attached));
        var lane = function.OpenLane();
        var call = _calls.Peek();
        Task<FunctionResult> attempt = Invoke(lane);

        _time.Advance(Timeout);
        await _warned.Task.WaitAsync(Stopping);
        Assert.False(attempt.IsCompleted);
        call.SetResult("stepped through");

        Assert.Equal("\"stepped through\"", Fixture.TextOf(await attempt));
        Assert.Equal(["Function 'orders': a debugger is attached, so its Timeout is not enforced."], _warnings);
    }

    [Fact]
    public async Task Memory_of_an_event_can_be_used_again_after_a_timeout()
    {
        var read = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        var goOn = new TaskCompletionSource();
        var function = new InProcessFunction(
            HandlerBinder.Bind(async (Stream input) =>
            {
                await goOn.Task;
                read.SetResult(Assert.Throws<IOException>(() => input.ReadByte()).Message);
            }),
            Fixture.Settings, _time)
        { IsDebuggerAttached = () => false };
        Task<FunctionResult> attempt = Invoke(function.OpenLane());
        _time.Advance(Timeout);
        await attempt;

        goOn.SetResult();

        Assert.Equal("The event can no longer be read: its invocation has ended.", await read.Task);
    }

    [Fact]
    public async Task An_abandoned_call_ends_as_cancelled()
    {
        using var abandon = new CancellationTokenSource();
        Task<FunctionResult> attempt = Function().OpenLane().InvokeAsync(Fixture.Utf8("{}"), Invocation, abandon.Token);

        await abandon.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => attempt);
    }

    [Fact]
    public async Task A_lane_makes_one_call_at_a_time()
    {
        var lane = Function().OpenLane();
        var call = _calls.Peek();
        Task<FunctionResult> first = Invoke(lane);

        await Assert.ThrowsAsync<InvalidOperationException>(() => Invoke(lane));

        call.SetResult("done");
        Assert.Equal("\"done\"", Fixture.TextOf(await first));
    }

    private static FunctionInvocation Invocation { get; } =
        new(Guid.Parse("00000000-0000-0000-0000-000000000007"), "arn:aws:lambda:us-east-1:000000000000:function:orders");

    private static Task<FunctionResult> Invoke(InProcessLane lane) => lane.InvokeAsync(Fixture.Utf8("{}"), Invocation, Stopping);

    /// <summary>The handler's calls end when their sources in <see cref="_calls"/> say so.</summary>
    private InProcessFunction Function(Func<bool>? isDebuggerAttached = null)
    {
        var bound = HandlerBinder.Bind(async (Stream _) =>
        {
            Task<string> call = _calls.Dequeue().Task;
            _started.Release();
            return await call;
        });
        return new InProcessFunction(bound, Fixture.Settings with { Timeout = Timeout }, _time, new FunctionListener { Warning = Warn })
        {
            IsDebuggerAttached = isDebuggerAttached ?? (() => false),
        };
    }

    private void Warn(string warning)
    {
        _warnings.Add(warning);
        _warned.TrySetResult();
    }
}
