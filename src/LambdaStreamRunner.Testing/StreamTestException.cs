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

    internal StreamTestException(string message, Exception? inner, string promise)
        : base(message, inner) => Promise = promise;

    /// <summary>The promise that is broken, as it is written in the test (<c>Order.Effects</c>); a sentence of the test's own stands in quotes.</summary>
    /// <value>Null when the test could not be run.</value>
    public string? Promise { get; }

    /// <summary>The records of the smallest example, by their labels, in the order in which they were put.</summary>
    public IReadOnlyList<string> Records { get; internal init; } = [];

    /// <summary>The schedule that broke it first, for <see cref="StreamTest.Schedule"/>; null when it has no name, as in a test step by step.</summary>
    public string? Schedule { get; internal init; }

    /// <summary>The file that replays the smallest example; null when there is none.</summary>
    public string? ReplayFile { get; internal init; }
}
