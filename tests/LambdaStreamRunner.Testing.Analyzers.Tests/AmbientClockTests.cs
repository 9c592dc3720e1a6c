using LambdaStreamRunner.Testing.CodeFixes;

namespace LambdaStreamRunner.Testing.Analyzers.Tests;

/// <summary>LSR0001.</summary>
public class AmbientClockTests : RuleTests<AmbientClockAnalyzer, AmbientClockFix>
{
    [Theory]
    [InlineData("DateTime.UtcNow", "time.GetUtcNow().UtcDateTime")]
    [InlineData("DateTime.Now", "time.GetLocalNow().LocalDateTime")]
    [InlineData("DateTime.Today", "time.GetLocalNow().LocalDateTime.Date")]
    [InlineData("DateTimeOffset.UtcNow", "time.GetUtcNow()")]
    [InlineData("DateTimeOffset.Now", "time.GetLocalNow()")]
    [InlineData("Stopwatch.GetTimestamp()", "time.GetTimestamp()")]
    [InlineData("Stopwatch.GetElapsedTime(1)", "time.GetElapsedTime(1)")]
    public Task A_handler_that_has_a_clock_asks_it(string ambient, string asked)
    {
        static string Code(string expression) => $$"""
            public class Orders(TimeProvider time)
            {
                public object Handle(KinesisEvent kinesisEvent, ILambdaContext context) => {{expression}};
            }
            """;
        return FixesAsync(Code($"[|{ambient}|]"), Code(asked));
    }

    [Fact]
    public Task The_system_s_clock_is_chosen_but_not_used() => FixesAsync(
        """
        public class Orders(TimeProvider time)
        {
            public Orders() : this(TimeProvider.System) { }
            public TimeProvider Other { get; set; } = TimeProvider.System;
            public async Task HandleAsync(KinesisEvent kinesisEvent, ILambdaContext context)
            {
                object now = [|TimeProvider.System|].GetUtcNow();
                await Task.Delay(TimeSpan.FromSeconds(1), [|TimeProvider.System|]);
                _ = new Orders(TimeProvider.System);
            }
        }
        """,
        """
        public class Orders(TimeProvider time)
        {
            public Orders() : this(TimeProvider.System) { }
            public TimeProvider Other { get; set; } = TimeProvider.System;
            public async Task HandleAsync(KinesisEvent kinesisEvent, ILambdaContext context)
            {
                object now = time.GetUtcNow();
                await Task.Delay(TimeSpan.FromSeconds(1), time);
                _ = new Orders(TimeProvider.System);
            }
        }
        """);

    [Fact]
    public Task What_has_no_equal_in_a_TimeProvider_is_flagged_and_left() => FlagsWithoutFixAsync(
        """
        public class Orders(TimeProvider time)
        {
            public object Handle(KinesisEvent kinesisEvent, ILambdaContext context)
            {
                var watch = [|Stopwatch.StartNew()|];
                var other = [|new Stopwatch()|];
                return ([|Environment.TickCount64|], time, watch.Elapsed);
            }
        }
        """);

    [Fact]
    public Task A_static_member_does_not_use_the_clock_of_an_object() => FlagsWithoutFixAsync(
        """
        public class Orders(TimeProvider time)
        {
            private readonly TimeProvider _time = time;
            private static DateTime Now() => [|DateTime.UtcNow|];
            public void Handle(KinesisEvent kinesisEvent, ILambdaContext context) => _time.GetUtcNow();
        }
        """);

    [Fact]
    public Task A_local_counts_from_its_declaration_on() => FixesAsync(
        """
        public class Orders
        {
            public TimeProvider Clock { get; set; } = TimeProvider.System;
            public void Handle(KinesisEvent kinesisEvent, ILambdaContext context)
            {
                object early = [|DateTimeOffset.UtcNow|];
                TimeProvider time = Clock;
                object late = [|DateTimeOffset.UtcNow|];
            }
        }
        """,
        """
        public class Orders
        {
            public TimeProvider Clock { get; set; } = TimeProvider.System;
            public void Handle(KinesisEvent kinesisEvent, ILambdaContext context)
            {
                object early = Clock.GetUtcNow();
                TimeProvider time = Clock;
                object late = time.GetUtcNow();
            }
        }
        """);

    [Fact]
    public Task A_function_without_constructor_gets_one_for_tests_and_keeps_the_one_for_Lambda() => FixesAsync(
        """
        public class Orders
        {
            public object Handle(KinesisEvent kinesisEvent, ILambdaContext context) => ([|DateTime.UtcNow|], [|DateTime.UtcNow|]);
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

            public object Handle(KinesisEvent kinesisEvent, ILambdaContext context) => (_time.GetUtcNow().UtcDateTime, _time.GetUtcNow().UtcDateTime);
        }
        """);

    [Fact]
    public Task A_constructor_without_parameters_stays_and_chooses_the_system_s_clock() => FixesAsync(
        """
        public class Orders
        {
            private readonly int _limit;

            public Orders()
            {
                _limit = 5;
            }

            public object Handle(KinesisEvent kinesisEvent, ILambdaContext context) => ([|DateTime.UtcNow|], _limit);
        }
        """,
        """
        public class Orders
        {
            private readonly TimeProvider _time;

            private readonly int _limit;

            public Orders() : this(TimeProvider.System)
            {
            }

            public Orders(TimeProvider time)
            {
                _limit = 5;
                _time = time;
            }

            public object Handle(KinesisEvent kinesisEvent, ILambdaContext context) => (_time.GetUtcNow().UtcDateTime, _limit);
        }
        """);

    [Fact]
    public Task A_constructor_with_parameters_gets_one_more_that_need_not_be_given() => FixesAsync(
        """
        public class Orders
        {
            private readonly int _limit;

            public Orders(int limit) => _limit = limit;

            public object Age() => ([|DateTime.UtcNow|], _limit);
        }
        public class Prices(int limit)
        {
            public object Age() => ([|DateTime.UtcNow|], limit);
        }
        """,
        """
        public class Orders
        {
            private readonly TimeProvider _time;

            private readonly int _limit;

            public Orders(int limit, TimeProvider? time = null)
            {
                _limit = limit;
                _time = time ?? TimeProvider.System;
            }

            public object Age() => (_time.GetUtcNow().UtcDateTime, _limit);
        }
        public class Prices(int limit, TimeProvider? time = null)
        {
            private readonly TimeProvider _time = time ?? TimeProvider.System;

            public object Age() => (_time.GetUtcNow().UtcDateTime, limit);
        }
        """);

    [Fact]
    public Task A_helper_in_the_project_of_a_function_is_a_handler_s_code() => FlagsAsync(
        "public static class Clock { public static DateTime Read() => [|DateTime.UtcNow|]; }");

    [Fact]
    public Task A_project_without_a_handler_is_left_alone() => FlagsAsync(
        "public static class Clock { public static DateTime Read() => DateTime.UtcNow; }",
        Project.WithoutHandler);

    [Fact]
    public Task Other_times_are_no_clocks() => FlagsAsync(
        """
        public class Orders
        {
            public object Handle(KinesisEvent kinesisEvent, ILambdaContext context) => (DateTime.UnixEpoch, DateTimeOffset.MinValue, context.RemainingTime, Environment.ProcessId);
        }
        """);
}
