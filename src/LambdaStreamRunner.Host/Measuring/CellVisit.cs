using LambdaStreamRunner.Functions.Invoking;

namespace LambdaStreamRunner.Host.Measuring;

/// <summary>One visit of a cell: its lanes invoke again and again, all of them at once, until the time is over.</summary>
/// <remarks>
/// Beside others only the steady state counts: not a lane's first invocation, which began while others had not, nor what ends
/// after the visit is over. So each lane has two at least, and functions that wait for each other may take longer than the budget.
/// </remarks>
internal sealed class CellVisit(MeasuredCell cell, TimeProvider time, TimeSpan budget, Action<FunctionResult> failed)
{
    /// <summary>Few enough that a quick function is measured in every round: what disturbs a machine for a moment does not decide about a batch size.</summary>
    private const int InvocationsMax = 400;

    private readonly Lock _gate = new();
    private readonly int[] _invocations = new int[cell.Concurrency];
    private long _start;
    private bool _isOver;

    private int LeastPerLane => cell.Concurrency == 1 ? 1 : 2;

    /// <summary>Invokes on all lanes.</summary>
    /// <param name="lanes">As many as the cell's concurrency.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task RunAsync(ReadOnlyMemory<MeasuredLane> lanes, CancellationToken cancellation)
    {
        _start = time.GetTimestamp();
        if (lanes.Length == 1)
            await InvokeAsync(0, lanes.Span[0], cancellation);
        else
            await Task.WhenAll(lanes.ToArray().Select((lane, index) => Task.Run(() => InvokeAsync(index, lane, cancellation), cancellation)));
        cell.Spent += time.GetElapsedTime(_start);
    }

    private async Task InvokeAsync(int index, MeasuredLane lane, CancellationToken cancellation)
    {
        bool goesOn = true;
        while (goesOn)
        {
            ReadOnlyMemory<byte> eventJson = lane.Events.Write(cell.Records);
            long began = time.GetTimestamp();
            FunctionResult result = await lane.Call(eventJson, cancellation);
            goesOn = Count(index, result, time.GetElapsedTime(began));
        }
    }

    /// <summary>Counts an invocation; true when its lane goes on.</summary>
    private bool Count(int lane, FunctionResult result, TimeSpan took)
    {
        lock (_gate)
        {
            _invocations[lane]++;
            if (result is not FunctionResult.Succeeded)
            {
                cell.Failed++;
                failed(result);
            }
            else if (!_isOver && (_invocations[lane] > 1 || cell.Concurrency == 1))
            {
                cell.Add(took);
            }
            bool hasEnough = _invocations.Min() >= LeastPerLane && time.GetElapsedTime(_start) >= budget;
            _isOver |= hasEnough || _invocations.Sum() >= InvocationsMax;
            return !_isOver;
        }
    }
}

/// <summary>What invokes: a lane of the function and the events for it.</summary>
internal readonly record struct MeasuredLane(MeasuredCall Call, SampleEvents Events);
