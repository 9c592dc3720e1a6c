using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace LambdaStreamRunner.Runner.Tests.Hosting;

/// <summary>A log that throws at the first warning, the easiest way to a fault inside a pump, and keeps what comes after it.</summary>
internal sealed class BrokenLoggers : ILoggerFactory, ILogger
{
    private int _warnings;

    public ConcurrentQueue<(string Message, Exception? Exception)> Heard { get; } = [];

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider)
    {
    }

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel))
            return;
        if (Interlocked.Increment(ref _warnings) == 1)
            throw new NotSupportedException("The log is broken.");
        Heard.Enqueue((formatter(state, exception), exception));
    }

    public void Dispose()
    {
    }
}
