namespace LambdaStreamRunner.StreamServer;

/// <summary>An error as Kinesis answers it: a name from its list, and a text.</summary>
/// <param name="error">For example <c>ResourceNotFoundException</c>; AWS's SDKs choose their exception class by it.</param>
/// <param name="message">AWS's own text where it is known; null where it has none.</param>
/// <param name="statusCode">HTTP status.</param>
#pragma warning disable CA1032 // Always made with a name.
public sealed class KinesisException(string error, string? message, int statusCode = 400) : Exception(message ?? error)
#pragma warning restore CA1032
{
    /// <summary>The name of the error: <c>__type</c> in the answer.</summary>
    public string Error { get; } = error;

    /// <summary>What clients are told; null when AWS answers with the bare name.</summary>
    public string? Text { get; } = message;

    /// <summary>Status of the answer: 400, or 500 where AWS takes the blame.</summary>
    public int StatusCode { get; } = statusCode;

    /// <summary>AWS's answer to what broke in the server.</summary>
    public static KinesisException InternalFailure() => new("InternalFailure", null, 500);

    /// <summary>The disk failed; AWS's shape, with the reason for the people who can do something about it.</summary>
    public static KinesisException NotStored(string reason) => new("InternalFailure", reason, 500);

    /// <summary>No such stream; AWS names it by its bare name also when an ARN was asked for.</summary>
    public static KinesisException StreamNotFound(string name, string account) =>
        new("ResourceNotFoundException", $"Stream {name} under account {account} not found.");

    /// <summary>No such consumer.</summary>
    public static KinesisException ConsumerNotFound(string name, string account) =>
        new("ResourceNotFoundException", $"Consumer {name}, account {account} not found.");

    /// <summary>The name is taken.</summary>
    public static KinesisException StreamExists(string name, string account) =>
        new("ResourceInUseException", $"Stream {name} under account {account} already exists.");

    /// <summary>The stream is on its way from one state to another.</summary>
    public static KinesisException StreamNotActive(string name, string account, StreamStatus status) => new(
        "ResourceInUseException", $"Stream {name} under account {account} not ACTIVE, instead in state {status.ToString().ToUpperInvariant()}");

    /// <summary>Somebody has, or would have, more than there may be.</summary>
    public static KinesisException LimitExceeded(string message) => new("LimitExceededException", message);

    /// <summary>More was put on a shard, or asked of it, than it takes in a second.</summary>
    public static KinesisException ShardRateExceeded(string shardId, string name, string account) => new(
        "ProvisionedThroughputExceededException", $"Rate exceeded for shard {shardId} in stream {name} under account {account}.");

    /// <summary>A value that AWS's validation lets pass and the service does not.</summary>
    public static KinesisException Validation(string message) => new("ValidationException", message);

    /// <summary>How AWS says that a request with DryRun would have been done.</summary>
    public static KinesisException DryRun() => new("DryRunOperationException", "The request would have succeeded, but DryRun is set.");

    /// <summary>There is no such thing.</summary>
    public static KinesisException NotFound(string message) => new("ResourceNotFoundException", message);

    /// <summary>An argument that has the right shape and is wrong nevertheless.</summary>
    public static KinesisException InvalidArgument(string message) => new("InvalidArgumentException", message);

    /// <summary>The server's bound on memory is reached.</summary>
    public static KinesisException MemoryExhausted(long bytesMax) => new(
        "LimitExceededException",
        $"The records of all streams would pass the {bytesMax} bytes that may be held in memory: they stay until their retention has passed, also "
        + "when they are settled. Keep them on disk (--data DIR), allow more memory (--memory-limit MIB), delete a stream, or start again.");

    /// <summary>More is put than the disk can take.</summary>
    public static KinesisException DiskTooSlow(long bytesMax) => new(
        "LimitExceededException",
        $"The records that wait to be written to the disk would pass the {bytesMax} bytes that may be held in memory. Put them again later.");
}
