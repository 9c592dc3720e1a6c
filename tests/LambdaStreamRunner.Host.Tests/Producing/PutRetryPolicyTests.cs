using LambdaStreamRunner.Host.Producing;

namespace LambdaStreamRunner.Host.Tests.Producing;

public class PutRetryPolicyTests
{
    private readonly PutRetryPolicy _policy = new(new Random(1));

    [Theory]
    [InlineData(1, 100)]
    [InlineData(2, 200)]
    [InlineData(6, 3200)]
    [InlineData(7, 5000)]
    [InlineData(11, 5000)]
    public void The_pause_doubles_up_to_a_cap_and_half_of_it_is_chance(int failedTries, int milliseconds)
    {
        TimeSpan[] pauses = [.. Enumerable.Range(0, 200).Select(_ => _policy.PauseAfter(failedTries)!.Value)];

        Assert.All(pauses, pause => Assert.InRange(pause.TotalMilliseconds, milliseconds / 2.0, milliseconds));
        Assert.True((pauses.Max() - pauses.Min()).TotalMilliseconds > milliseconds / 4.0);
    }

    [Fact]
    public void After_the_last_try_there_is_no_pause() => Assert.Null(_policy.PauseAfter(PutRetryPolicy.TriesMax));
}
