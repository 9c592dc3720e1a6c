using Amazon.Lambda.KinesisEvents;

namespace LambdaStreamRunner.Testing.Tests.Docs;

#region handler
public class AccountFunction(Effects table)
{
    public Task HandleAsync(KinesisEvent kinesisEvent) =>
        Task.WhenAll(kinesisEvent.Records.Select(ApplyAsync));

    private Task ApplyAsync(KinesisEvent.KinesisEventRecord record)
    {
        using var reader = new StreamReader(record.Kinesis.Data);
        return table.AddAsync(record.Kinesis.PartitionKey, reader.ReadToEnd());
    }
}
#endregion

#region fix
public class OrderedAccountFunction(Effects table)
{
    public async Task HandleAsync(KinesisEvent kinesisEvent)
    {
        foreach (KinesisEvent.KinesisEventRecord record in kinesisEvent.Records)
        {
            using var reader = new StreamReader(record.Kinesis.Data);
            await table.AddAsync(record.Kinesis.PartitionKey, await reader.ReadToEndAsync());
        }
    }
}
#endregion

/// <summary>The tests of the page; they are facts of <see cref="ProveYourHandlersOrderTests"/>, since the first one must fail.</summary>
internal sealed class OrderProofs
{
    #region test
    // [Fact]
    public async Task Accounts_keep_their_order() =>
        await StreamTest.For(environment => new AccountFunction(environment.Effects).HandleAsync)
            .Mapping(mapping => mapping with { BatchSize = 10, ParallelizationFactor = 2 })
            .Given(Records.Zipf(keys: 5, count: 50, perSecond: 20, prefix: "account-"))
            .Under(Faults.HandlerLatency(5, 500).RunnerCrash())
            .RunAsync();
    #endregion

    public async Task Ordered_accounts_keep_their_order() =>
        await StreamTest.For(environment => new OrderedAccountFunction(environment.Effects).HandleAsync)
            .Mapping(mapping => mapping with { BatchSize = 10, ParallelizationFactor = 2 })
            .Given(Records.Zipf(keys: 5, count: 50, perSecond: 20, prefix: "account-"))
            .Under(Faults.HandlerLatency(5, 500).RunnerCrash())
            .RunAsync();

    #region replay
    // [Theory]
    // [MemberData(nameof(Failures))]
    public async Task Old_failures_stay_fixed(string file) =>
        await StreamTest.Replay(file)
            .For(environment => new OrderedAccountFunction(environment.Effects).HandleAsync)
            .RunAsync();

    public static IEnumerable<object[]> Failures => StreamTest.ReplayFiles("failures/*.lambdastream");
    #endregion

    #region once
    // [Fact]
    public async Task Accounts_change_once() =>
        await StreamTest.For(environment => new OrderedAccountFunction(environment.Effects).HandleAsync)
            .Given(Records.Of("account-1", "+100", "-20"))
            .Under(Faults.HandlerThrows(0.1))
            .Expect(Delivery.EffectsExactlyOnce)
            .RunAsync();
    #endregion

    #region steps
    // [Fact]
    public async Task A_batch_waits_for_its_window()
    {
        StreamTest test = StreamTest.For(environment => new OrderedAccountFunction(environment.Effects).HandleAsync)
            .Mapping(mapping => mapping with { MaximumBatchingWindow = TimeSpan.FromSeconds(30) })
            .Put("account-1", "+100");

        await test.AdvanceAsync(TimeSpan.FromSeconds(29));
        Assert.Empty(test.Invocations);

        await test.RunUntilIdleAsync();
        Assert.Equal(["+100"], test.Effects["account-1"]);
    }
    #endregion
}
