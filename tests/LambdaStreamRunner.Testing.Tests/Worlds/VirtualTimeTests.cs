using System.Net;
using System.Net.Sockets;
using Amazon.Lambda.Core;
using LambdaStreamRunner.Core.Mappings;

namespace LambdaStreamRunner.Testing.Tests.Worlds;

/// <summary>A handler that takes its clock from the test waits for hours in no time, and what it waits for otherwise holds the clock.</summary>
public class VirtualTimeTests
{
    private const string Log = "log";

    [Fact]
    public async Task Timers_ring_at_their_own_time_in_order() => Assert.Equal(
        ["b at 100", "c at 200", "a at 300"],
        await LogOf(async (log, time) =>
        {
            async Task WaitAsync(string name, int milliseconds)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(milliseconds), time);
                log(name);
            }

            await Task.WhenAll(WaitAsync("a", 300), WaitAsync("b", 100), WaitAsync("c", 200));
        }));

    [Fact]
    public async Task Code_that_goes_on_right_where_a_timer_rings_sees_the_time_of_that_timer() => Assert.Equal(
        ["1 at 100", "2 at 200", "3 at 300", "4 at 400"],
        await LogOf(async (log, time) =>
        {
            for (int wait = 1; wait <= 4; wait++)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100), time).ConfigureAwait(false);
                log($"{wait}");
            }
        }));

    [Fact]
    public async Task A_periodic_timer_ticks() => Assert.Equal(
        ["tick at 500", "tick at 1000", "tick at 1500"],
        await LogOf(async (log, time) =>
        {
            using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(500), time);
            for (int tick = 0; tick < 3; tick++)
            {
                await timer.WaitForNextTickAsync();
                log("tick");
            }
        }));

    [Fact]
    public async Task A_cancellation_after_a_delay_ends_a_longer_wait() => Assert.Equal(
        ["cancelled at 1000"],
        await LogOf(async (log, time) =>
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(1), time);
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.Delay(TimeSpan.FromSeconds(2), time, limit.Token));
            log("cancelled");
        }));

    [Fact]
    public async Task A_limit_ends_a_longer_wait() => Assert.Equal(
        ["gave up at 1000"],
        await LogOf(async (log, time) =>
        {
            await Assert.ThrowsAsync<TimeoutException>(() => Task.Delay(TimeSpan.FromSeconds(2), time, TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(1), time, TestContext.Current.CancellationToken));
            log("gave up");
        }));

    [Fact]
    public async Task Time_stands_still_while_another_thread_works_for_the_handler() => Assert.Equal(
        ["done at 0"],
        await LogOf(async (log, time) =>
        {
            var done = new TaskCompletionSource();
            new Thread(done.SetResult).Start();
            await done.Task.WaitAsync(TimeSpan.FromSeconds(1), time);
            log("done");
        }));

    [Fact]
    public async Task Time_stands_still_while_the_handler_talks_over_a_real_socket() => Assert.Equal(
        ["42 at 0"],
        await LogOf(async (log, time) =>
        {
            using var server = new TcpListener(IPAddress.Loopback, 0);
            server.Start();
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, ((IPEndPoint)server.LocalEndpoint).Port);
            using TcpClient accepted = await server.AcceptTcpClientAsync();
            await accepted.GetStream().WriteAsync(new byte[] { 42 });
            byte[] answer = new byte[1];
            await client.GetStream().ReadExactlyAsync(answer);
            log($"{answer[0]}");
        }));

    [Fact]
    public async Task A_wait_of_a_day_takes_no_time()
    {
        StreamTest test = StreamTest.For(environment => async (Stream _) => await Task.Delay(TimeSpan.FromHours(23), environment.Time))
            .Function(function => function with { Timeout = TimeSpan.FromHours(24) })
            .Within(TimeSpan.FromHours(25))
            .Put("order-1", "placed");

        await test.RunUntilIdleAsync();

        Assert.Equal(1, test.Checkpoint);
        Assert.Equal(TimeSpan.FromHours(23), Assert.Single(test.Run.Calls).End - test.Run.Calls[0].Time);
    }

    [Fact]
    public async Task The_remaining_time_is_what_the_clock_has_left_of_the_timeout()
    {
        var remaining = new List<TimeSpan>();
        StreamTest test = StreamTest.For(environment => async (Stream _, ILambdaContext context) =>
        {
            remaining.Add(context.RemainingTime);
            await Task.Delay(TimeSpan.FromSeconds(1), environment.Time);
            remaining.Add(context.RemainingTime);
        }).Put("order-1", "placed");

        await test.RunUntilIdleAsync();

        Assert.Equal([TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(2)], remaining);
    }

    [Fact]
    public async Task A_handler_that_awaits_longer_than_its_timeout_fails()
    {
        StreamTest test = StreamTest.For(environment => async (Stream _) => await Task.Delay(TimeSpan.FromSeconds(5), environment.Time))
            .Mapping(mapping => mapping with { MaximumRetryAttempts = 0 })
            .Put("order-1", "placed");

        await test.RunUntilIdleAsync();

        var failed = Assert.IsType<BatchOutcome.Failed>(Assert.Single(test.Run.Calls).Outcome);
        Assert.Equal("Task timed out after 3.00 seconds", failed.Error);
        Assert.Equal(["placed"], test.Discarded);
    }

    [Fact]
    public async Task A_handler_that_never_returns_is_named_when_its_real_time_is_over()
    {
        StreamTest test = StreamTest.For(_ => (Stream _) => new TaskCompletionSource().Task)
            .RealTimeBudget(TimeSpan.FromMilliseconds(50))
            .Put("order-1", "placed");

        StreamTestException failure = await Assert.ThrowsAsync<StreamTestException>(test.RunUntilIdleAsync);

        Assert.Contains("of [placed] has not come to rest within 0.1 s of real time: it waits for something that is not the test's clock.", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_handler_that_blocks_its_thread_is_named()
    {
        using var release = new ManualResetEventSlim();
        StreamTest test = StreamTest.For(_ => (Stream _) => release.Wait())
            .RealTimeBudget(TimeSpan.FromMilliseconds(50))
            .Put("order-1", "placed");

        StreamTestException failure = await Assert.ThrowsAsync<StreamTestException>(test.RunUntilIdleAsync);
        release.Set();

        Assert.Contains("of [placed] has blocked its thread", failure.Message, StringComparison.Ordinal);
        Assert.Contains(".RealTimeBudget(", failure.Message, StringComparison.Ordinal);
    }

    // What a handler says and when, in milliseconds from its call.
    private static async Task<IReadOnlyList<string>> LogOf(Func<Action<string>, TimeProvider, Task> handle)
    {
        StreamTest test = StreamTest.For(environment => async (Stream _) =>
        {
            DateTimeOffset start = environment.Time.GetUtcNow();
            await handle(text => environment.Effects.Add(Log, $"{text} at {(environment.Time.GetUtcNow() - start).TotalMilliseconds}"), environment.Time);
        }).Mapping(mapping => mapping with { MaximumRetryAttempts = 0 }).Put("order-1", "placed");
        await test.RunUntilIdleAsync();
        Assert.Empty(test.Discarded);
        return test.Effects[Log];
    }
}
