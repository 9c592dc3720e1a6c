using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace LambdaStreamRunner.Host.Verbs;

/// <summary>Warnings and errors of a run on standard error, a line each; a kind that keeps coming is cut off, since the summary counts it.</summary>
internal sealed class RunLog : ILoggerProvider, ILogger
{
    /// <summary>Messages of one kind that are shown.</summary>
    private const int ShownMax = 20;

    private readonly ConcurrentDictionary<int, int> _shown = new();

    public ILogger CreateLogger(string categoryName) => this;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel))
            return;
        int shown = _shown.AddOrUpdate(eventId.Id, 1, (_, count) => Math.Min(count + 1, ShownMax + 2));
        if (shown <= ShownMax)
            Console.Error.WriteLine(exception is null ? formatter(state, exception) : $"{formatter(state, exception)} {exception}");
        else if (shown == ShownMax + 1)
            Console.Error.WriteLine($"(Further messages of this kind are not shown: {eventId.Name}.)");
    }

    public void Dispose()
    {
    }
}
