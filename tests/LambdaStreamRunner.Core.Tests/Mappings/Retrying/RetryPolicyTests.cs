using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Core.Mappings.Retrying;

namespace LambdaStreamRunner.Core.Tests.Mappings.Retrying;

public class RetryPolicyTests
{
    private static readonly BatchOutcome Threw = new BatchOutcome.Failed("It threw.");
    private static readonly BatchOutcome Throttled = new BatchOutcome.Throttled("No capacity.");

    [Fact]
    public void A_throttle_is_tried_again_whatever_the_limits() =>
        Assert.Equal(RetryVerdict.TryAgain, Policy(retries: 0, bisects: true).Judge(Throttled, records: 10, attemptsBefore: 0));

    [Fact]
    public void Progress_comes_before_bisection_and_limits() =>
        Assert.Equal(RetryVerdict.Shorten, Policy(retries: 0, bisects: true).Judge(new BatchOutcome.PartlyFailed(1), records: 10, attemptsBefore: 0));

    [Fact]
    public void A_report_of_the_first_record_is_a_failure_of_the_whole() =>
        Assert.Equal(RetryVerdict.Bisect, Policy(retries: 0, bisects: true).Judge(new BatchOutcome.PartlyFailed(0), records: 10, attemptsBefore: 0));

    [Fact]
    public void A_single_record_is_not_split() =>
        Assert.Equal(RetryVerdict.Retry, Policy(retries: 1, bisects: true).Judge(Threw, records: 1, attemptsBefore: 0));

    [Theory]
    [InlineData(0, 0, RetryVerdict.Discard)]
    [InlineData(1, 0, RetryVerdict.Retry)]
    [InlineData(1, 1, RetryVerdict.Discard)]
    [InlineData(10_000, 9_999, RetryVerdict.Retry)]
    [InlineData(10_000, 10_000, RetryVerdict.Discard)]
    [InlineData(EventSourceMapping.Unlimited, 1_000_000, RetryVerdict.Retry)]
    public void Retries_are_attempts_less_one(int retries, int attemptsBefore, object verdict) =>
        Assert.Equal(verdict, Policy(retries, bisects: false).Judge(Threw, records: 10, attemptsBefore));

    private static RetryPolicy Policy(int retries, bool bisects) =>
        new(new EventSourceMapping { MaximumRetryAttempts = retries, BisectBatchOnFunctionError = bisects });
}
