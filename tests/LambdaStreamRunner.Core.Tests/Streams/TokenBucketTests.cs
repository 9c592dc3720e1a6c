using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Core.Tests.Streams;

public class TokenBucketTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_full_bucket_gives_a_second_s_worth_and_fills_with_time()
    {
        var bucket = new TokenBucket(10);
        bucket.Take(10, Start);
        Assert.False(bucket.Has(1, Start));
        Assert.False(bucket.Has(1, Start.AddMilliseconds(99)));
        Assert.True(bucket.Has(1, Start.AddMilliseconds(101)));
        Assert.False(bucket.Has(2, Start.AddMilliseconds(101)));
    }

    [Fact]
    public void It_never_holds_more_than_a_second_s_worth()
    {
        var bucket = new TokenBucket(10);
        bucket.Take(10, Start);
        bucket.Take(10, Start.AddDays(1));
        Assert.False(bucket.Has(1, Start.AddDays(1)));
    }

    [Fact]
    public void More_than_it_can_hold_is_there_when_it_is_full_and_is_paid_off()
    {
        var bucket = new TokenBucket(10);
        Assert.True(bucket.Has(50, Start));
        bucket.Take(50, Start);
        Assert.False(bucket.Has(0, Start.AddSeconds(3.9)));
        Assert.True(bucket.Has(0, Start.AddSeconds(4.1)));
    }

    [Fact]
    public void A_clock_that_goes_back_adds_nothing()
    {
        var bucket = new TokenBucket(10);
        bucket.Take(10, Start);
        Assert.False(bucket.Has(1, Start.AddSeconds(-5)));
        Assert.False(bucket.Has(1, Start.AddMilliseconds(50)));
    }
}
