namespace LambdaStreamRunner.StreamServer.Storage;

/// <summary>The folder with the streams cannot be used, or not be written now; the message says why and what can be done.</summary>
#pragma warning disable CA1032 // Always made with a message.
public sealed class StorageException(string message, Exception? cause = null) : Exception(message, cause)
#pragma warning restore CA1032
{
}
