using LambdaStreamRunner.Core.Mappings.Retrying;

namespace LambdaStreamRunner.Core.Tests.Mappings.Retrying;

public class BackoffTests
{
    [Theory]
    [InlineData(1, 0.2)]
    [InlineData(2, 0.4)]
    [InlineData(3, 0.8)]
    [InlineData(8, 25.6)]
    [InlineData(9, 51.2)]
    [InlineData(10, 60)]
    [InlineData(11, 60)]
    [InlineData(10_000, 60)]
    [InlineData(int.MaxValue, 60)]
    public void It_doubles_from_200_ms_up_to_a_minute(int tries, double seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), Backoff.After(tries));
}
