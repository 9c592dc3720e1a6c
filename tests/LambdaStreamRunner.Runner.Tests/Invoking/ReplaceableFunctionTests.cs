using System.Collections.Concurrent;
using LambdaStreamRunner.Functions;
using LambdaStreamRunner.Functions.Invoking;
using LambdaStreamRunner.Runner.Invoking;

namespace LambdaStreamRunner.Runner.Tests.Invoking;

public class ReplaceableFunctionTests
{
    private static readonly FunctionInvocation Some = new(Guid.Empty, "arn");

    [Fact]
    public async Task The_old_code_ends_after_its_last_invocation_and_no_lane_goes_back()
    {
        var generations = Enumerable.Range(0, 200).Select(number => new Generation(number)).ToArray();
        var function = new ReplaceableFunction(generations[0]);
        using var enough = new CancellationTokenSource();
        var lanes = Enumerable.Range(0, 4).Select(_ => Task.Run(() => RunLaneAsync(function.OpenLane(), enough.Token))).ToArray();
        ConcurrentBag<Task> endings = [];
        foreach (Generation next in generations.Skip(1))
        {
            endings.Add(function.ReplaceAsync(next));
            await next.Used.WaitAsync(TestContext.Current.CancellationToken);
        }
        await enough.CancelAsync();
        await Task.WhenAll(endings);
        int[][] seen = await Task.WhenAll(lanes);
        await function.DisposeAsync();

        Assert.All(seen, lane => Assert.Equal(lane.Order(), lane));
        Assert.All(generations, generation => Assert.Equal((true, 0), (generation.IsDisposed, generation.UsedAfterItsEnd)));
    }

    [Fact]
    public async Task A_late_call_on_the_old_code_is_waited_for_before_the_lane_runs_the_new()
    {
        var old = new Generation(0) { Late = new TaskCompletionSource() };
        var function = new ReplaceableFunction(old);
        IFunctionLane lane = function.OpenLane();
        await lane.InvokeAsync(default, Some, TestContext.Current.CancellationToken);
        Task ending = function.ReplaceAsync(new Generation(1));
        await ending.WaitAsync(TestContext.Current.CancellationToken);

        Task<FunctionResult> next = lane.InvokeAsync(default, Some, TestContext.Current.CancellationToken);
        Assert.False(next.IsCompleted);
        old.Late.SetResult();

        Assert.Equal([1], Assert.IsType<FunctionResult.Succeeded>(await next).Answer.ToArray());
    }

    private static async Task<int[]> RunLaneAsync(IFunctionLane lane, CancellationToken enough)
    {
        List<int> seen = [];
        while (!enough.IsCancellationRequested)
            seen.Add(((FunctionResult.Succeeded)await lane.InvokeAsync(default, Some, CancellationToken.None)).Answer.Span[0]);
        return [.. seen];
    }

    private sealed class Generation(int number) : IFunction, IFunctionLane
    {
        private readonly TaskCompletionSource _used = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _usedAfterItsEnd;

        public Task Used => _used.Task;

        public TaskCompletionSource? Late { get; init; }

        public bool IsDisposed { get; private set; }

        public int UsedAfterItsEnd => _usedAfterItsEnd;

        public FunctionSettings Settings { get; } = new() { FunctionName = "Some" };

        public int OverlappingCalls => 0;

        public IFunctionLane OpenLane() => this;

        public async Task<FunctionResult> InvokeAsync(ReadOnlyMemory<byte> eventJson, FunctionInvocation invocation, CancellationToken abandon)
        {
            _used.TrySetResult();
            await Task.Yield();
            if (IsDisposed)
                Interlocked.Increment(ref _usedAfterItsEnd);
            return new FunctionResult.Succeeded(new[] { (byte)number });
        }

        public Task SettleAsync(CancellationToken abandon) => Late?.Task.WaitAsync(abandon) ?? Task.CompletedTask;

        public ValueTask DisposeAsync()
        {
            IsDisposed = true;
            return ValueTask.CompletedTask;
        }
    }
}
