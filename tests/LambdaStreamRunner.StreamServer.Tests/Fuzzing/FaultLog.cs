using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace LambdaStreamRunner.StreamServer.Tests.Fuzzing;

/// <summary>Collects what the server logs as a fault of its own.</summary>
internal sealed class FaultLog : ILoggerProvider, ILogger
{
    public ConcurrentQueue<string> Faults { get; } = new();

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
            Faults.Enqueue($"{formatter(state, exception)} {exception}");
    }

    public void Dispose()
    {
    }
}
