using LambdaStreamRunner.Runner.Invoking;

namespace LambdaStreamRunner.Runner.Tests.Invoking;

/// <summary>https://docs.aws.amazon.com/lambda/latest/dg/lambda-concurrency.html, and fairness among the mappings of a function.</summary>
public class ConcurrencyPoolTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void As_many_run_as_the_limit_says()
    {
        var pool = new ConcurrencyPool(2, "No more.");

        Assert.Equal([true, true, false], Enumerable.Range(0, 3).Select(_ => pool.TryEnter("a", Start)));
        pool.Leave("a");
        Assert.True(pool.TryEnter("a", Start));
        Assert.Equal(2, pool.Running);
    }

    [Fact]
    public void A_limit_of_0_lets_nobody_in() => Assert.False(new ConcurrencyPool(0, "Never.").TryEnter("a", Start));

    [Fact]
    public void Who_was_refused_twice_gets_the_next_free_execution()
    {
        var pool = new ConcurrencyPool(1, "No more.");
        pool.TryEnter("busy", Start);
        pool.TryEnter("starving", Start);
        pool.TryEnter("starving", Start.AddSeconds(0.2));
        pool.Leave("busy");

        Assert.False(pool.TryEnter("busy", Start.AddSeconds(0.3)));
        Assert.True(pool.TryEnter("starving", Start.AddSeconds(0.6)));
    }

    [Fact]
    public void It_is_not_kept_for_ever()
    {
        var pool = new ConcurrencyPool(1, "No more.");
        pool.TryEnter("busy", Start);
        pool.TryEnter("gone", Start);
        pool.TryEnter("gone", Start.AddSeconds(0.2));
        pool.Leave("busy");

        Assert.True(pool.TryEnter("busy", Start.AddSeconds(2)));
    }

    [Fact]
    public void Of_two_that_wait_the_first_one_is_first()
    {
        var pool = new ConcurrencyPool(1, "No more.");
        pool.TryEnter("busy", Start);
        foreach (double time in (double[])[0, 0.2])
        {
            pool.TryEnter("first", Start.AddSeconds(time));
            pool.TryEnter("second", Start.AddSeconds(time + 0.01));
        }
        pool.Leave("busy");

        Assert.False(pool.TryEnter("second", Start.AddSeconds(0.5)));
        Assert.True(pool.TryEnter("first", Start.AddSeconds(0.5)));
        pool.Leave("first");
        Assert.True(pool.TryEnter("second", Start.AddSeconds(0.7)));
    }

    [Fact]
    public void Nothing_is_kept_beyond_an_even_share()
    {
        var pool = new ConcurrencyPool(4, "No more.");
        foreach (string client in (string[])["a", "a", "b", "b", "b", "b"])
            pool.TryEnter(client, Start);
        pool.Leave("a");

        Assert.True(pool.TryEnter("a", Start));
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(3, 2)]
    [InlineData(10, 3)]
    public void Mappings_that_always_have_work_run_about_equally_often(int limit, int clients)
    {
        int[] runs = Compete(limit, clients, lanes: 10);

        Assert.True(runs.Min() * 3 >= runs.Max(), string.Join(' ', runs));
        Assert.True(runs.Min() > 0);
    }

    [Fact]
    public void One_that_waits_keeps_one_execution_however_often_it_was_refused()
    {
        var pool = new ConcurrencyPool(10, "No more.");
        for (int i = 0; i < 10; i++)
            pool.TryEnter("busy", Start);
        var batch = Guid.NewGuid();
        foreach (double time in (double[])[0, 0.2, 0.6, 1.4, 1.5, 1.6, 1.7, 1.8])
            pool.TryEnter("waiting", Start.AddSeconds(time), batch);
        pool.Leave("busy");
        pool.Leave("busy");

        Assert.True(pool.TryEnter("busy", Start.AddSeconds(1.9)));
        Assert.False(pool.TryEnter("busy", Start.AddSeconds(1.9)));
        Assert.True(pool.TryEnter("waiting", Start.AddSeconds(2), batch));
    }

    // Each lane of each client comes again at once after a success, and as batches do after a refusal; work takes 10 ms.
    private static int[] Compete(int limit, int clients, int lanes)
    {
        var pool = new ConcurrencyPool(limit, "No more.");
        var agenda = new PriorityQueue<(int Client, Guid Lane, bool Ends, int Tries), double>();
        int[] runs = new int[clients];
        for (int i = 0; i < clients * lanes; i++)
            agenda.Enqueue((i / lanes, Guid.NewGuid(), false, 0), i * 0.000_001);  // the first client has taken everything before others come
        while (agenda.TryDequeue(out (int Client, Guid Lane, bool Ends, int Tries) next, out double time) && time < 60)
        {
            string name = $"client {next.Client}";
            if (next.Ends)
            {
                pool.Leave(name);
                runs[next.Client]++;
            }
            int tries = next.Ends ? 0 : next.Tries;
            if (pool.TryEnter(name, Start.AddSeconds(time), next.Lane))
                agenda.Enqueue((next.Client, next.Lane, true, 0), time + 0.01);
            else
                agenda.Enqueue((next.Client, next.Lane, false, tries + 1), time + Core.Mappings.Retrying.Backoff.After(tries + 1).TotalSeconds);
        }
        return runs;
    }
}
