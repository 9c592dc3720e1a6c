namespace LambdaStreamRunner.Testing;

/// <summary>A promise is broken, or the test cannot be run; the message says what, where, and how to see it again.</summary>
public sealed class StreamTestException : Exception
{
    /// <summary>With a message for people.</summary>
    public StreamTestException(string message)
        : base(message)
    {
    }

    /// <summary>With the fault behind it.</summary>
    public StreamTestException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
