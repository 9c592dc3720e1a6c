namespace LambdaStreamRunner.Runner.Aws;

/// <summary>A service has refused a request, or could not be reached.</summary>
/// <param name="code">AWS's name of the error, as ResourceNotFoundException; <see cref="Unreachable"/> when there was no answer.</param>
/// <param name="message">For people.</param>
/// <param name="status">The HTTP status; 0 without an answer.</param>
/// <param name="inner">What went wrong underneath.</param>
internal sealed class AwsException(string code, string message, int status, Exception? inner = null) : Exception($"{code}: {message}", inner)
{
    /// <summary>The code when there was no answer.</summary>
    public const string Unreachable = "Unreachable";

    /// <summary>The code when there was no answer in time.</summary>
    public const string NoAnswer = "NoAnswer";

    /// <summary>The code when the answer was larger than what is asked for can be.</summary>
    public const string AnswerTooLarge = "AnswerTooLarge";

    /// <summary>AWS's name of the error.</summary>
    public string Code => code;

    /// <summary>The HTTP status; 0 without an answer.</summary>
    public int Status => status;

    /// <summary>True when the caller was too fast.</summary>
    public bool IsThrottling => code is
        "ProvisionedThroughputExceededException" or "LimitExceededException" or "Throttling" or "ThrottlingException" or "ThrottledException"
        or "KMSThrottlingException" or "RequestLimitExceeded" or "RequestThrottled" or "RequestThrottledException" or "TooManyRequestsException"
        or "SlowDown" || status == 429;

    /// <summary>True when the same request may do better a little later.</summary>
    public bool IsTransient => IsThrottling || status >= 500 || code is Unreachable or NoAnswer or "RequestTimeout" or "RequestTimeoutException";
}
