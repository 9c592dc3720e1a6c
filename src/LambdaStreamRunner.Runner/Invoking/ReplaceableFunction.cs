using LambdaStreamRunner.Functions;
using LambdaStreamRunner.Functions.Invoking;

namespace LambdaStreamRunner.Runner.Invoking;

/// <summary>A function whose code may be replaced while lanes use it: what is in flight ends on the old code, what comes next runs on the new.</summary>
/// <remarks>A lane has one invocation at a time, so that no key meets both at once.</remarks>
internal sealed class ReplaceableFunction(IFunction first) : IFunction
{
    private readonly Lock _gate = new();
    private Generation _current = new(first);

    /// <inheritdoc/>
    public FunctionSettings Settings
    {
        get
        {
            lock (_gate)
                return _current.Function.Settings;
        }
    }

    /// <inheritdoc/>
    public IFunctionLane OpenLane() => new Lane(this);

    /// <summary>Lets invocations that begin from now on run on other code; ends when the last one of the old code has ended.</summary>
    public Task ReplaceAsync(IFunction next)
    {
        Generation before;
        lock (_gate)
            (before, _current) = (_current, new Generation(next));
        return before.RetireAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Generation last;
        lock (_gate)
            last = _current;
        await last.Function.DisposeAsync();
    }

    private Generation Enter()
    {
        lock (_gate)
        {
            _current.Enter();
            return _current;
        }
    }

    private sealed class Lane(ReplaceableFunction function) : IFunctionLane
    {
        private Generation? _opened;
        private IFunctionLane? _lane;
        private int _overlappedBefore;                        // on older code

        public int OverlappingCalls => Volatile.Read(ref _overlappedBefore) + (Volatile.Read(ref _lane)?.OverlappingCalls ?? 0);

        public async Task<FunctionResult> InvokeAsync(ReadOnlyMemory<byte> eventJson, FunctionInvocation invocation, CancellationToken abandon)
        {
            Generation current = function.Enter();
            try
            {
                IFunctionLane lane = await LaneOnAsync(current, abandon);
                return await lane.InvokeAsync(eventJson, invocation, abandon);
            }
            finally
            {
                current.Leave();
            }
        }

        private async ValueTask<IFunctionLane> LaneOnAsync(Generation current, CancellationToken abandon)
        {
            if (_lane is { } lane && _opened == current)
                return lane;
            if (_lane is { } before)
                await before.SettleAsync(abandon);            // a late call on the old code counts as it would without the new one
            Volatile.Write(ref _overlappedBefore, OverlappingCalls);
            _opened = current;
            IFunctionLane opened = current.Function.OpenLane();
            Volatile.Write(ref _lane, opened);
            return opened;
        }
    }

    /// <summary>One state of the code, and who uses it.</summary>
    private sealed class Generation(IFunction function)
    {
        private readonly TaskCompletionSource _unused = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _users = 1;                               // the function itself, until it is retired

        public IFunction Function => function;

        public void Enter() => Interlocked.Increment(ref _users);

        public void Leave()
        {
            if (Interlocked.Decrement(ref _users) == 0)
                _unused.TrySetResult();
        }

        public async Task RetireAsync()
        {
            Leave();
            await _unused.Task;
            await function.DisposeAsync();
        }
    }
}
