using LambdaStreamRunner.Functions.Invoking;

namespace LambdaStreamRunner.Host.Measuring;

/// <summary>A function that can be called, warm and cold, without a stream.</summary>
internal interface IMeasuredFunction
{
    /// <summary>Its name, for people.</summary>
    string Name { get; }

    /// <summary>Longest time of one call.</summary>
    TimeSpan Timeout { get; }

    /// <summary>A lane of the loaded function: one call at a time.</summary>
    MeasuredCall OpenLane();

    /// <summary>Loads the function anew, beside the one that is there; null when it cannot be loaded twice.</summary>
    /// <exception cref="Functions.FunctionLoadException">It cannot be loaded any more.</exception>
    Task<MeasuredCall?> OpenColdLaneAsync(CancellationToken cancellation);
}

/// <summary>Calls the function with an event.</summary>
/// <param name="eventJson">Not used after the task has ended.</param>
/// <param name="abandon">Fires when the answer does not matter any more.</param>
internal delegate Task<FunctionResult> MeasuredCall(ReadOnlyMemory<byte> eventJson, CancellationToken abandon);
