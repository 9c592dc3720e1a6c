using LambdaStreamRunner.Testing.CodeFixes;

namespace LambdaStreamRunner.Testing.Analyzers.Tests;

/// <summary>LSR0002.</summary>
public class WaitTests : RuleTests<WaitAnalyzer, WaitFix>
{
    [Theory]
    [InlineData("await Task.Delay(100)", "await Task.Delay(TimeSpan.FromMilliseconds(100), time)")]
    [InlineData("await Task.Delay(100, stop)", "await Task.Delay(TimeSpan.FromMilliseconds(100), time, stop)")]
    [InlineData("await Task.Delay(second, stop)", "await Task.Delay(second, time, stop)")]
    [InlineData("await work.WaitAsync(second)", "await work.WaitAsync(second, time)")]
    [InlineData("await work.WaitAsync(second, stop)", "await work.WaitAsync(second, time, stop)")]
    [InlineData("using var timeout = new CancellationTokenSource(second)", "using var timeout = new CancellationTokenSource(second, time)")]
    [InlineData("using var timeout = new CancellationTokenSource(500)", "using var timeout = new CancellationTokenSource(TimeSpan.FromMilliseconds(500), time)")]
    [InlineData("using PeriodicTimer ticks = new(second)", "using PeriodicTimer ticks = new(second, time)")]
    [InlineData("Thread.Sleep(100)", "await Task.Delay(TimeSpan.FromMilliseconds(100), time)")]
    [InlineData("Thread.Sleep(second)", "await Task.Delay(second, time)")]
    public Task A_wait_gets_the_clock(string wait, string withClock)
    {
        static string Code(string statement) => $$"""
            public class Orders(TimeProvider time)
            {
                private static readonly TimeSpan second = TimeSpan.FromSeconds(1);

                public async Task HandleAsync(KinesisEvent kinesisEvent, ILambdaContext context)
                {
                    CancellationToken stop = default;
                    Task<int> work = Task.FromResult(1);
                    {{statement}};
                    await work;
                }
            }
            """;
        return FixesAsync(Code(Marked(wait)), Code(withClock));
    }

    [Fact]
    public Task A_token_for_what_is_left_of_the_invocation_is_fine() => FlagsAsync(
        """
        public class Orders
        {
            public async Task HandleAsync(KinesisEvent kinesisEvent, ILambdaContext context)
            {
                using var deadline = new CancellationTokenSource(context.RemainingTime - TimeSpan.FromSeconds(1));
                TimeSpan left = context.RemainingTime;
                using var other = new CancellationTokenSource(left);
                await [|Task.Delay(context.RemainingTime)|];
            }
        }
        """);

    [Fact]
    public Task A_function_without_a_clock_gets_one() => FixesAsync(
        """
        public class Orders
        {
            public async Task HandleAsync(KinesisEvent kinesisEvent, ILambdaContext context)
            {
                await [|Task.Delay(5)|];
                await [|Task.Delay(TimeSpan.FromSeconds(5))|];
            }
        }
        """,
        """
        public class Orders
        {
            private readonly TimeProvider _time;

            public Orders() : this(TimeProvider.System)
            {
            }

            public Orders(TimeProvider time) => _time = time;

            public async Task HandleAsync(KinesisEvent kinesisEvent, ILambdaContext context)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(5), _time);
                await Task.Delay(TimeSpan.FromSeconds(5), _time);
            }
        }
        """);

    [Fact]
    public Task What_takes_no_clock_is_flagged_and_left() => FlagsWithoutFixAsync(
        """
        public class Orders(TimeProvider time)
        {
            public object Handle(KinesisEvent kinesisEvent, ILambdaContext context)
            {
                [|Thread.Sleep(5)|];
                return (time, [|new Timer(_ => { }, null, 100, 0)|], [|new System.Timers.Timer(5)|], [|Task.Delay(cancellationToken: default, millisecondsDelay: 5)|]);
            }
        }
        """);

    [Fact]
    public Task Waits_on_a_clock_and_waits_without_time_are_fine() => FlagsAsync(
        """
        public class Orders(TimeProvider time)
        {
            public async Task HandleAsync(KinesisEvent kinesisEvent, ILambdaContext context)
            {
                await Task.Delay(TimeSpan.FromSeconds(1), time);
                using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(1), time);
                using var stop = new CancellationTokenSource();
                using var ticks = new PeriodicTimer(TimeSpan.FromSeconds(1), time);
                using ITimer timer = time.CreateTimer(_ => { }, null, TimeSpan.FromSeconds(1), TimeSpan.Zero);
                await Task.CompletedTask.WaitAsync(stop.Token);
                await Task.Delay(0);
                await Task.Delay(TimeSpan.Zero);
                await Task.Delay(Timeout.Infinite, stop.Token);
                await Task.Delay(Timeout.InfiniteTimeSpan, stop.Token);
                Thread.Sleep(0);
            }
        }
        """);

    [Fact]
    public Task Tests_may_wait() => FlagsAsync(
        """
        public class OrderTests
        {
            [Xunit.Fact]
            public async Task Proof() => await Task.Delay(5);
        }
        """,
        Project.OfTests);

    private static string Marked(string wait)
    {
        foreach (string before in (string[])["await ", "using var timeout = ", "using PeriodicTimer ticks = "])
        {
            if (wait.StartsWith(before, StringComparison.Ordinal))
                return $"{before}[|{wait[before.Length..]}|]";
        }
        return $"[|{wait}|]";
    }
}
