namespace LambdaStreamRunner.Testing.Tests.Worlds;

/// <summary>Timers may live as long as their environment does, and stand still with it.</summary>
public class TimerLifeTests
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(100);

    [Fact]
    public async Task A_periodic_timer_of_the_constructor_ticks_for_every_invocation()
    {
        StreamTest test = StreamTest.For(environment =>
        {
            var timer = new PeriodicTimer(Tick, environment.Time);
            return async (Stream _) => await TwoTicksAsync(timer);
        });

        Assert.Equal([Tick * 2, Tick, Tick], await DurationsOf(test, calls: 3, TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public async Task A_periodic_timer_that_the_first_invocation_made_ticks_for_later_ones_as_well()
    {
        StreamTest test = StreamTest.For(environment =>
        {
            PeriodicTimer? timer = null;
            return async (Stream _) => await TwoTicksAsync(timer ??= new PeriodicTimer(Tick, environment.Time));
        });

        Assert.Equal([Tick * 2, Tick, Tick], await DurationsOf(test, calls: 3, TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public async Task A_timer_that_is_kept_belongs_to_the_invocation_that_sets_it()
    {
        StreamTest test = StreamTest.For(environment =>
        {
            ITimer? timer = null;
            TaskCompletionSource? rung = null;
            return async (Stream _) =>
            {
                rung = new TaskCompletionSource();
                timer ??= environment.Time.CreateTimer(_ => Ring(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                timer.Change(Tick, Timeout.InfiniteTimeSpan);
                await rung.Task;
            };

            void Ring()
            {
                environment.Effects.Add("rung", environment.Number);
                rung!.SetResult();
            }
        });

        Assert.Equal([Tick, Tick, Tick], await DurationsOf(test, calls: 3, TimeSpan.FromSeconds(10)));
        Assert.Equal(3, test.Run.History.OfType<Core.Histories.HistoryStep.EffectMade>().Select(effect => effect.RequestId).Distinct().Count());
    }

    [Fact]
    public async Task What_a_constructors_timer_does_belongs_to_the_invocation_that_runs_then()
    {
        StreamTest test = StreamTest.For(environment =>
        {
            environment.Time.CreateTimer(_ => environment.Effects.Add("heart", "beat"), null, Tick, Tick);
            return async (Stream _) => await Task.Delay(Tick * 2.5, environment.Time);
        });

        await DurationsOf(test, calls: 2, TimeSpan.FromMinutes(1));

        // The second invocation finds one that rang while it was frozen.
        Core.Histories.HistoryStep.EffectMade[] beats = [.. test.Run.History.OfType<Core.Histories.HistoryStep.EffectMade>()];
        Assert.Equal([2, 3], beats.GroupBy(beat => beat.RequestId).Select(beats => beats.Count()));
        Assert.Equal(test.Run.Calls.Select(call => call.RequestId), beats.Select(beat => beat.RequestId).Distinct());
    }

    [Fact]
    public async Task What_a_constructor_goes_on_with_is_gone_with_its_environment()
    {
        StreamTest test = StreamTest.For(environment =>
        {
            _ = BeatAsync(environment);
            return async (Stream _) => await Task.Delay(environment.Number == 0 ? TimeSpan.FromHours(1) : Tick * 1.5, environment.Time);
        }).Put("order-1", "placed");

        await test.RunUntilIdleAsync();

        Assert.Equal(29, test.Effects["beat"].Count(number => number == "0"));
        Assert.Single(test.Effects["beat"], number => number == "1");
    }

    [Fact]
    public async Task The_constructor_itself_may_make_effects()
    {
        StreamTest test = StreamTest.For(environment =>
        {
            environment.Effects.Add("started", environment.Number);
            return (Stream _) => { };
        }).Put("order-1", "placed");

        await test.RunUntilIdleAsync();

        Assert.Equal(["0"], test.Effects["started"]);
    }

    [Fact]
    public async Task A_periodic_timer_does_not_catch_up_with_the_time_that_it_was_frozen()
    {
        int ticks = 0;
        StreamTest test = StreamTest.For(environment =>
        {
            ITimer? timer = null;
            return async (Stream _) =>
            {
                timer ??= environment.Time.CreateTimer(_ => ticks++, null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
                await Task.Delay(TimeSpan.FromMilliseconds(50), environment.Time);
            };
        });

        await DurationsOf(test, calls: 2, TimeSpan.FromHours(1));

        Assert.Equal(1, ticks);
    }

    [Fact]
    public async Task A_timer_that_was_disposed_cannot_be_set_and_does_not_ring()
    {
        bool? wasSet = null;
        bool hasRung = false;
        StreamTest test = StreamTest.For(environment => async (Stream _) =>
        {
            ITimer timer = environment.Time.CreateTimer(_ => hasRung = true, null, Tick, Tick);
            await timer.DisposeAsync();
            wasSet = timer.Change(Tick, Tick);
            await Task.Delay(Tick * 3, environment.Time);
        }).Put("order-1", "placed");

        await test.RunUntilIdleAsync();

        Assert.False(wasSet);
        Assert.False(hasRung);
    }

    // Puts a record, lets time pass, and so on.
    private static async Task<IEnumerable<TimeSpan?>> DurationsOf(StreamTest test, int calls, TimeSpan pause)
    {
        test.RealTimeBudget(TimeSpan.FromSeconds(1));
        for (int call = 1; call <= calls; call++)
        {
            test.Put("order-1", $"{call}");
            await test.AdvanceAsync(pause);
        }
        return test.Run.Calls.Select(call => call.End - call.Time);
    }

    // When it was frozen in between, the first tick is there already.
    private static async Task TwoTicksAsync(PeriodicTimer timer)
    {
        await timer.WaitForNextTickAsync();
        await timer.WaitForNextTickAsync();
    }

    private static async Task BeatAsync(ExecutionEnvironment environment)
    {
        while (true)
        {
            await Task.Delay(Tick, environment.Time);
            environment.Effects.Add("beat", environment.Number);
        }
    }
}
