using System.Diagnostics;

namespace LambdaStreamRunner.Runner.Telemetry;

/// <summary>The metrics of one function.</summary>
/// <param name="metrics">The instruments.</param>
/// <param name="function">Name of the function.</param>
/// <param name="qualifier">The alias or version that is invoked; null for none.</param>
public sealed class FunctionMetrics(LambdaMetrics metrics, string function, string? qualifier = null)
{
    private readonly TagList _tags = new() { { "FunctionName", function }, { "Resource", qualifier is null ? function : $"{function}:{qualifier}" } };

    /// <summary>Counts which of a mapping's executions run at the same time; null when nobody does.</summary>
    internal MappingStatistics? Executions { get; set; }

    /// <summary>An execution begins: the invocation was not throttled.</summary>
    public void Began() => Executions?.NoteStart();

    /// <summary>An execution runs no more, whatever came of it.</summary>
    public void Left() => Executions?.NoteEnd();

    /// <summary>The function got a batch of a stream, whose last record was so old then.</summary>
    public void Handed(TimeSpan iteratorAge) => metrics.IteratorAge.Record(Math.Max(0, iteratorAge.TotalMilliseconds), _tags);

    /// <summary>An execution has ended.</summary>
    /// <param name="duration">How long it took.</param>
    /// <param name="isError">True after a function error.</param>
    public void Executed(TimeSpan duration, bool isError)
    {
        metrics.Invocations.Add(1, _tags);
        metrics.Errors.Add(isError ? 1 : 0, _tags);
        metrics.Duration.Record(duration.TotalMilliseconds, _tags);
    }

    /// <summary>An invocation found no free execution.</summary>
    public void Throttled() => metrics.Throttles.Add(1, _tags);

    /// <summary>A discarded batch could not be delivered.</summary>
    public void DeliveryFailed() => metrics.DestinationDeliveryFailures.Add(1, _tags);
}
