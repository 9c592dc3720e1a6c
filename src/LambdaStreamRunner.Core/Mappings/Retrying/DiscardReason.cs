namespace LambdaStreamRunner.Core.Mappings.Retrying;

/// <summary>Why records were given up; the names are AWS's <c>condition</c>.</summary>
public enum DiscardReason
{
    /// <summary>MaximumRetryAttempts are spent.</summary>
    RetryAttemptsExhausted,

    /// <summary>The records are older than MaximumRecordAge.</summary>
    RecordAgeExceeded,
}
