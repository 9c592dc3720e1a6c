using System.Threading.Channels;

namespace LambdaStreamRunner.Testing.Tests.Worlds;

/// <summary>A guard ends the wait for something else; whether that can come at all, only the test knows.</summary>
public class GuardTests
{
    private static readonly TimeSpan Silence = TimeSpan.FromMilliseconds(500);

    public static TheoryData<string> Waits => ["a delay for ever", "a channel that is silent", "a task with a limit"];

    [Theory]
    [MemberData(nameof(Waits))]
    public async Task A_guard_that_moves_time_ends_a_wait_that_nothing_else_can_end(string wait)
    {
        StreamTest test = Test(wait).GuardsMoveTime().Put("order-1", "placed");

        await test.RunUntilIdleAsync();

        Assert.Equal(Silence, Assert.Single(test.Run.Calls).End - test.Run.Calls[0].Time);
    }

    [Theory]
    [MemberData(nameof(Waits))]
    public async Task Without_it_time_stands_still_and_the_message_says_what_to_do(string wait)
    {
        StreamTest test = Test(wait).Put("order-1", "placed");

        StreamTestException failure = await Assert.ThrowsAsync<StreamTestException>(test.RunUntilIdleAsync);

        Assert.Contains("that a timer of the test's clock only guards", failure.Message, StringComparison.Ordinal);
        Assert.Contains("If only that timer can end the wait, let it: .GuardsMoveTime().", failure.Message, StringComparison.Ordinal);
    }

    private static StreamTest Test(string wait) => StreamTest.For(environment => async (Stream _) => await WaitAsync(wait, environment.Time))
        .RealTimeBudget(TimeSpan.FromMilliseconds(100))
        .Mapping(mapping => mapping with { MaximumRetryAttempts = 0 });

    private static async Task WaitAsync(string wait, TimeProvider time)
    {
        using var limit = new CancellationTokenSource(Silence, time);
        Task waiting = wait switch
        {
            "a delay for ever" => Task.Delay(Timeout.InfiniteTimeSpan, time, limit.Token),
            "a channel that is silent" => Channel.CreateUnbounded<int>().Reader.ReadAsync(limit.Token).AsTask(),
            "a task with a limit" => new TaskCompletionSource().Task.WaitAsync(Silence, time),
            _ => throw new ArgumentOutOfRangeException(nameof(wait)),
        };
        Exception? ended = await Record.ExceptionAsync(() => waiting);
        Assert.True(ended is OperationCanceledException or TimeoutException, $"{ended}");
    }
}
