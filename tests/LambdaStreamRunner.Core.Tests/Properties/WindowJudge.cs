using LambdaStreamRunner.Core.Histories;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Core.Mappings.Windows;
using LambdaStreamRunner.Core.Streams;
using LambdaStreamRunner.Simulation;

namespace LambdaStreamRunner.Core.Tests.Properties;

/// <summary>Judges the tumbling windows of one run: what a function returns is what it gets next, and a large state is seen once more.</summary>
internal sealed class WindowJudge
{
    private ReadOnlyMemory<byte>? _state;                     // null: not known, since the run goes on where another was cut off
    private bool _isTooLarge;

    public void Start(HistoryStep.InvocationStarted started)
    {
        if (started.Window is not { } told)
            return;
        Require(_state is null || told.Window.State.Span.SequenceEqual(_state.Value.Span), "A window goes on with another state than the function returned.");
        if (_state is null)
            _isTooLarge = told.IsTerminatedEarly;             // the run before was cut off between a large state and the end that it brings
        Require(told.IsTerminatedEarly == _isTooLarge, "A window is terminated early without need, or not at once.");
        foreach (StreamRecord record in started.Records.ToArray())
            Require(record.Arrival < told.Window.End, "A batch holds a record of a later window.");
        _state = told.Window.State;
    }

    public void End(TimeWindow? told, BatchOutcome outcome)
    {
        ReadOnlyMemory<byte>? returned = outcome switch
        {
            BatchOutcome.Succeeded succeeded => succeeded.State,
            BatchOutcome.PartlyFailed { LowestFailedIndex: > 0 } partly => partly.State,
            _ => null,
        };
        if (told is null || returned is not { } state)
            return;
        _state = told.IsFinalInvoke ? TumblingWindow.EmptyState : state;
        _isTooLarge = !told.IsFinalInvoke && state.Length > TumblingWindow.StateLengthMax;
    }

    public void Discard(TimeWindow? told)
    {
        if (told is not { IsFinalInvoke: true })
            return;
        _state = TumblingWindow.EmptyState;
        _isTooLarge = false;
    }

    private static void Require(bool isKept, string otherwise)
    {
        if (!isKept)
            throw new BrokenPromiseException(otherwise);
    }
}
