namespace LambdaStreamRunner.StreamServer;

/// <summary>An error as Kinesis answers it: a name from its list, and a text.</summary>
/// <param name="error">For example <c>ResourceNotFoundException</c>; AWS's SDKs choose their exception class by it.</param>
/// <param name="message">AWS's own text where it is known.</param>
#pragma warning disable CA1032 // Always made with a name.
public sealed class KinesisException(string error, string message) : Exception(message)
#pragma warning restore CA1032
{
    /// <summary>The name of the error: <c>__type</c> in the answer.</summary>
    public string Error { get; } = error;

    /// <summary>No such stream; AWS names it by its bare name also when an ARN was asked for.</summary>
    public static KinesisException StreamNotFound(string name, string account) =>
        new("ResourceNotFoundException", $"Stream {name} under account {account} not found.");

    /// <summary>The name is taken.</summary>
    public static KinesisException StreamExists(string name, string account) =>
        new("ResourceInUseException", $"Stream {name} under account {account} already exists.");

    /// <summary>An argument that has the right shape and is wrong nevertheless.</summary>
    public static KinesisException InvalidArgument(string message) => new("InvalidArgumentException", message);

    /// <summary>The server's bound on memory is reached.</summary>
    public static KinesisException MemoryExhausted(long bytesMax) => new(
        "LimitExceededException",
        $"The records of all streams would pass the {bytesMax} bytes that may be held in memory. "
        + "Raise the bound, shorten the retention, or delete a stream.");
}
