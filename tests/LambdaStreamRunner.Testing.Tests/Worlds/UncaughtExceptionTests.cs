using LambdaStreamRunner.Core.Mappings;

namespace LambdaStreamRunner.Testing.Tests.Worlds;

/// <summary>What nobody catches ends the process of an execution environment, as on AWS (Runtime.ExitError): its invocation fails, and another environment serves the next one.</summary>
public class UncaughtExceptionTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(10);

    public static TheoryData<string, string> Throwers => new()
    {
        { "async void", "code that nobody awaits" },
        { "timer callback", "the callback of a timer" },
        { "async timer callback", "code that nobody awaits" },
        { "cancellation callback", "the callback of a timer" },
    };

    [Theory]
    [MemberData(nameof(Throwers))]
    public async Task An_exception_that_nobody_catches_fails_the_invocation_and_destroys_its_environment(string thrower, string where)
    {
        StreamTest test = StreamTest.For(environment => async (Stream _) =>
        {
            environment.Effects.Add("environments", environment.Number);
            if (environment.Number == 0)
                Throw(thrower, environment.Time);
            await Task.Delay(TimeSpan.FromMilliseconds(100), environment.Time);
        }).Put("order-1", "placed");

        await test.RunUntilIdleAsync();

        Assert.Equal(["0", "1"], test.Effects["environments"]);
        var failed = Assert.IsType<BatchOutcome.Failed>(test.Run.Calls[0].Outcome);
        Assert.Contains($"InvalidOperationException: boom (thrown by {where})", failed.Error, StringComparison.Ordinal);
        Assert.Contains(nameof(UncaughtExceptionTests), failed.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("Testing.Worlds", failed.Error, StringComparison.Ordinal);
        Assert.Equal(Soon, test.Run.Calls[0].End - test.Run.Calls[0].Time);
        Assert.IsType<BatchOutcome.Succeeded>(test.Run.Calls[1].Outcome);
    }

    private static void Throw(string thrower, TimeProvider time)
    {
        switch (thrower)
        {
            case "async void":
                ThrowSoon(time);
                break;
            case "timer callback":
                time.CreateTimer(_ => throw new InvalidOperationException("boom"), null, Soon, Timeout.InfiniteTimeSpan);
                break;
            case "async timer callback":
                time.CreateTimer(async _ => await Task.FromException(new InvalidOperationException("boom")), null, Soon, Timeout.InfiniteTimeSpan);
                break;
            case "cancellation callback":
                new CancellationTokenSource(Soon, time).Token.Register(() => throw new InvalidOperationException("boom"));
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(thrower));
        }
    }

    private static async void ThrowSoon(TimeProvider time)
    {
        await Task.Delay(Soon, time);
        throw new InvalidOperationException("boom");
    }
}
