using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace LambdaStreamRunner.StreamServer.Tests.Fuzzing;

/// <summary>Collects what the server logs as a fault of its own.</summary>
internal sealed class FaultLog : ILoggerProvider, ILogger
{
    // How Kestrel says that it cuts a client who asks for more answers than it reads.
    private const string ClientIsCut = "exceeded the output operations maximum queue size";

    public ConcurrentQueue<string> Faults { get; } = new();

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        string text = $"{formatter(state, exception)} {exception}";
        if (IsEnabled(logLevel) && !text.Contains(ClientIsCut, StringComparison.Ordinal))
            Faults.Enqueue(text);
    }

    public void Dispose()
    {
    }
}
