namespace LambdaStreamRunner.Core.Mappings.Retrying;

/// <summary>What becomes of a batch that did not succeed.</summary>
internal enum RetryVerdict
{
    /// <summary>The same records again after a pause; an attempt is spent.</summary>
    Retry,

    /// <summary>The same records again after a pause; no attempt is spent, since the function never ran.</summary>
    TryAgain,

    /// <summary>The records before the lowest reported failure are done, the rest is a new batch, at once.</summary>
    Shorten,

    /// <summary>Two halves, the left one first, at once and without spending an attempt.</summary>
    Bisect,

    /// <summary>Given up: retries are spent.</summary>
    Discard,
}
