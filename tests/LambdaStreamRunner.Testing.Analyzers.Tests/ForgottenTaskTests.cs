using LambdaStreamRunner.Testing.CodeFixes;

namespace LambdaStreamRunner.Testing.Analyzers.Tests;

/// <summary>LSR0003.</summary>
public class ForgottenTaskTests : RuleTests<ForgottenTaskAnalyzer, AwaitFix>
{
    [Theory]
    [InlineData("[|SendAsync(1)|];", "await SendAsync(1);")]
    [InlineData("_ = [|SendAsync(1)|];", "await SendAsync(1);")]
    [InlineData("_ = [|Task.Run(() => SendAsync(1))|];", "await Task.Run(() => SendAsync(1));")]
    [InlineData("[|SaveAsync()|];", "await SaveAsync();")]
    [InlineData("[|SendAsync(1).ContinueWith(done => { })|];", "await SendAsync(1).ContinueWith(done => { });")]
    [InlineData("kinesisEvent.Records.ForEach([|async record => await SendAsync(1)|]);", "foreach (var record in kinesisEvent.Records)\n        {\n            await SendAsync(1);\n        }")]
    public Task What_was_started_is_awaited(string forgotten, string awaited)
    {
        static string Code(string statement) => $$"""
            public class Orders
            {
                public async Task HandleAsync(KinesisEvent kinesisEvent, ILambdaContext context)
                {
                    {{statement}}
                    await Task.CompletedTask;
                }
                private static Task<int> SendAsync(int number) => Task.FromResult(number);
                private static ValueTask SaveAsync() => default;
            }
            """;
        return FixesAsync(Code(forgotten), Code(awaited));
    }

    [Fact]
    public Task Async_void_becomes_a_task() => FixesAsync(
        """
        public class Orders
        {
            public async void [|Handle|](KinesisEvent kinesisEvent, ILambdaContext context)
            {
                await Task.Yield();
                async void [|Later|]() => await Task.Yield();
            }
        }
        """,
        """
        public class Orders
        {
            public async Task Handle(KinesisEvent kinesisEvent, ILambdaContext context)
            {
                await Task.Yield();
                async Task Later() => await Task.Yield();
            }
        }
        """);

    [Fact]
    public Task Where_nothing_can_be_awaited_it_is_flagged_and_left() => FlagsWithoutFixAsync(
        """
        public class Orders
        {
            public Task HandleAsync(KinesisEvent kinesisEvent, ILambdaContext context)
            {
                [|Task.Run(() => { })|];
                [|ThreadPool.QueueUserWorkItem(_ => { })|];
                Stream?[|.FlushAsync()|];
                Action later = [|async () => await Task.Yield()|];
                return Task.CompletedTask;
            }
            private System.IO.Stream? Stream { get; set; }
        }
        """);

    [Fact]
    public Task Tasks_that_are_awaited_kept_or_returned_are_fine() => FlagsAsync(
        """
        public class Orders
        {
            public async Task HandleAsync(KinesisEvent kinesisEvent, ILambdaContext context)
            {
                await SendAsync();
                Task kept = SendAsync();
                await Task.WhenAll(kept, SendAsync());
                _ = await Task.FromResult(1);
                _ = kinesisEvent.Records.Count;
                SendAsync().GetAwaiter().GetResult();
                Func<Task> later = async () => await SendAsync();
                AppDomain.CurrentDomain.ProcessExit += async (object? sender, EventArgs e) => await SendAsync();
                await later();
            }
            private static Task SendAsync() => Task.CompletedTask;
        }
        """);

    [Fact]
    public Task Tests_may_start_what_they_like() => FlagsAsync(
        """
        public class OrderTests
        {
            [Xunit.Fact]
            public void Proof() => _ = Task.Run(() => { });
        }
        """,
        Project.OfTests);
}
