using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace LambdaStreamRunner.Testing.Tests.Worlds;

/// <summary>Whatever a handler's code does with tasks and threads, a schedule decides what happens, and nothing else.</summary>
public class HandlerCodeTests
{
    private const int Repetitions = 1_000;

    private static readonly Dictionary<string, Func<ExecutionEnvironment, Delegate>> Handlers = new()
    {
        ["ConfigureAwait(false)"] = environment => async (Stream _) =>
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), environment.Time).ConfigureAwait(false);
            await environment.Effects.AddAsync("k", 1).ConfigureAwait(false);
            environment.Effects.Add("k", 2);
        },
        ["Task.Yield"] = environment => async (Stream _) =>
        {
            await Task.WhenAll(YieldAsync(environment.Effects, 1), YieldAsync(environment.Effects, 2));
        },
        ["Task.Run"] = environment => async (Stream _) =>
        {
            await Task.Run(async () =>
            {
                await environment.Effects.AddAsync("k", 1);
                environment.Effects.Add("k", 2);
            });
            await environment.Effects.AddAsync("k", 3);
        },
        ["await foreach"] = environment => async (Stream _) =>
        {
            await foreach (int number in CountAsync(environment.Time))
                environment.Effects.Add("k", number);
        },
        ["SemaphoreSlim"] = environment => async (Stream _) =>
        {
            using var one = new SemaphoreSlim(1);
            await Task.WhenAll(Enumerable.Range(1, 3).Select(number => InTurnAsync(one, environment.Effects, number)));
        },
        ["Channel"] = environment => async (Stream _) =>
        {
            var channel = Channel.CreateBounded<int>(1);
            Task reading = ReadAsync(channel.Reader, environment.Effects);
            for (int number = 1; number <= 3; number++)
            {
                await channel.Writer.WriteAsync(number);
                await environment.Effects.AddAsync("written", number);
            }
            channel.Writer.Complete();
            await reading;
        },
    };

    public static TheoryData<string> Names => [.. Handlers.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task The_same_history_hash_comes_out_of_1_000_repetitions_of_one_seed(string handler)
    {
        var hashes = new HashSet<ulong>();
        for (int repetition = 0; repetition < Repetitions; repetition++)
        {
            await StreamTest.For(Handlers[handler])
                .Mapping(mapping => mapping with { BatchSize = 2, ParallelizationFactor = 2 })
                .Given(Records.RoundRobin(keys: 2, count: 4))
                .Under(Faults.HandlerLatency(1, 500).EffectLatency(100).HandlerThrows(0.1).RunnerCrash())
                .Schedule("random-1f3a")
                .Expect()
                .Expect("hashed", run =>
                {
                    hashes.Add(run.HistoryHash);
                    return null;
                })
                .RunAsync();
        }

        Assert.Single(hashes);
    }

    [Fact]
    public async Task Code_that_nobody_awaits_is_frozen_until_its_environment_serves_another_invocation()
    {
        StreamTest test = StreamTest.For(environment => async (Stream input) =>
        {
            _ = LateAsync(environment);
            await Task.Delay(TimeSpan.FromMilliseconds(100), environment.Time);
        });

        test.Put("order-1", "placed");
        await test.AdvanceAsync(TimeSpan.FromMinutes(1));
        Assert.Empty(test.Effects);

        test.Put("order-1", "paid");
        await test.AdvanceAsync(TimeSpan.FromMinutes(1));
        Assert.Equal(["late"], test.Effects["log"]);
    }

    [Fact]
    public async Task Fifty_explorations_at_once_are_the_same_as_one_after_the_other()
    {
        ulong[] alone = await HashesAsync();

        ulong[][] together = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => HashesAsync()));

        Assert.All(together, hashes => Assert.Equal(alone, hashes));
    }

    private static async Task ReadAsync(ChannelReader<int> reader, Effects effects)
    {
        await foreach (int number in reader.ReadAllAsync())
            await effects.AddAsync("read", number);
    }

    private static async Task<ulong[]> HashesAsync()
    {
        var hashes = new System.Collections.Concurrent.ConcurrentBag<ulong>();
        await StreamTest.For(environment => async (Stream _) => await Task.Delay(TimeSpan.FromMilliseconds(10), environment.Time))
            .Mapping(mapping => mapping with { BatchSize = 2, ParallelizationFactor = 2 })
            .Given(Records.RoundRobin(keys: 2, count: 6))
            .Under(Faults.HandlerLatency(1, 500).RunnerCrash())
            .Explore(10)
            .Expect("hashed", run =>
            {
                hashes.Add(run.HistoryHash);
                return null;
            })
            .RunAsync();
        return [.. hashes.Order()];
    }

    private static async Task LateAsync(ExecutionEnvironment environment)
    {
        await Task.Delay(TimeSpan.FromSeconds(1), environment.Time);
        environment.Effects.Add("log", "late");
    }

    private static async Task YieldAsync(Effects effects, int number)
    {
        await Task.Yield();
        await effects.AddAsync("k", number);
    }

    private static async IAsyncEnumerable<int> CountAsync(TimeProvider time, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        for (int number = 1; number <= 3; number++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(1), time, cancellation);
            yield return number;
        }
    }

    private static async Task InTurnAsync(SemaphoreSlim one, Effects effects, int number)
    {
        await one.WaitAsync();
        await effects.AddAsync("k", number);
        one.Release();
    }
}
