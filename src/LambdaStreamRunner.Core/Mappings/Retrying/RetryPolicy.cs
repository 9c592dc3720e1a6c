namespace LambdaStreamRunner.Core.Mappings.Retrying;

/// <summary>Judges a batch that did not succeed.</summary>
/// <remarks>AWS: <see href="https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-batchfailurereporting.html"/>.</remarks>
internal readonly struct RetryPolicy(EventSourceMapping mapping)
{
    private readonly bool _bisects = mapping.BisectBatchOnFunctionError;
    private readonly int _retriesMax = mapping.MaximumRetryAttempts;

    /// <summary>The verdict on a batch of <paramref name="records"/> records.</summary>
    /// <param name="outcome">How the attempt ended; not a success.</param>
    /// <param name="records">Records in the batch.</param>
    /// <param name="attemptsBefore">Attempts spent on the identical records before this one.</param>
    public RetryVerdict Judge(BatchOutcome outcome, int records, int attemptsBefore)
    {
        if (outcome is BatchOutcome.Throttled)
            return RetryVerdict.TryAgain;
        if (outcome is BatchOutcome.PartlyFailed { LowestFailedIndex: > 0 })
            return RetryVerdict.Shorten;
        if (_bisects && records > 1)
            return RetryVerdict.Bisect;

        bool exhausted = _retriesMax != EventSourceMapping.Unlimited && attemptsBefore + 1 > _retriesMax;
        return exhausted ? RetryVerdict.Discard : RetryVerdict.Retry;
    }
}
