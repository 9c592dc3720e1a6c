namespace LambdaStreamRunner.Testing.Analyzers.Tests;

/// <summary>LSR0005.</summary>
public class StaticStateTests : RuleTests<StaticStateAnalyzer, NoFix>
{
    [Fact]
    public Task State_in_a_handler_s_static_fields_is_flagged() => FlagsAsync(
        """
        public class Orders
        {
            private static int [|s_count|];
            private static readonly Dictionary<string, int> [|Totals|] = [];
            public static string [|Last|] { get; set; } = "";
            public void Handle(KinesisEvent kinesisEvent, ILambdaContext context) => s_count++;
        }
        """);

    [Fact]
    public Task What_is_made_once_is_fine() => FlagsAsync(
        """
        public class Orders
        {
            private const int Limit = 5;
            private static readonly HttpLike Client = new();
            private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
            public static string Name { get; } = "orders";
            private int _count;
            public void Handle(KinesisEvent kinesisEvent, ILambdaContext context) => _count++;
            private sealed class HttpLike { }
        }
        public static class Elsewhere { private static int s_count; public static void Count() => s_count++; }
        """);

    [Fact]
    public Task Tests_may_keep_state() => FlagsAsync(
        """
        public class OrderTests
        {
            private static int s_count;
            [Xunit.Fact]
            public void Proof() => s_count++;
            private static Task HandleAsync(KinesisEvent kinesisEvent) => Task.CompletedTask;
        }
        """,
        Project.OfTests);
}
