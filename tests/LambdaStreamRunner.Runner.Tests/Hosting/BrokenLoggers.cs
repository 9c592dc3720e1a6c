using Microsoft.Extensions.Logging;

namespace LambdaStreamRunner.Runner.Tests.Hosting;

/// <summary>A log that throws at the first warning: the easiest way to a fault inside a pump.</summary>
internal sealed class BrokenLoggers : ILoggerFactory, ILogger
{
    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider)
    {
    }

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
            throw new NotSupportedException("The log is broken.");
    }

    public void Dispose()
    {
    }
}
