using System.Collections.Immutable;

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

    /// <summary>The promise that is broken, such as Order.NoOvertaking; null when the test could not be run.</summary>
    public string? Promise { get; init; }

    /// <summary>The labels of the records of the smallest example that was found.</summary>
    public ImmutableArray<string> Records { get; init; } = [];

    /// <summary>The schedule that broke it, such as random-1f3a, for <see cref="StreamTest.Schedule"/>.</summary>
    public string? Schedule { get; init; }

    /// <summary>The file that replays the smallest example; null when there is none.</summary>
    public string? ReplayFile { get; init; }
}
