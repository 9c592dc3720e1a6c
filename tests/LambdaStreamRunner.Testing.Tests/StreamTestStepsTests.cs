using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Core.Mappings.Retrying;

namespace LambdaStreamRunner.Testing.Tests;

/// <summary>One scenario, step by step.</summary>
public class StreamTestStepsTests
{
    [Fact]
    public async Task Records_are_put_and_delivered_as_time_passes()
    {
        StreamTest test = Test().Put("order-1", "placed", "paid");

        await test.AdvanceAsync(TimeSpan.FromSeconds(1));
        test.Put("order-1", "shipped");
        await test.RunUntilIdleAsync();

        Assert.Equal(["placed paid", "shipped"], test.Invocations);
        Assert.Equal(3, test.Checkpoint);
        Assert.Empty(test.Discarded);
        test.Verify();
    }

    [Fact]
    public async Task A_batch_waits_for_its_window()
    {
        StreamTest test = Test().Mapping(mapping => mapping with { MaximumBatchingWindow = TimeSpan.FromSeconds(30) }).Put("order-1", "placed");

        await test.AdvanceAsync(TimeSpan.FromSeconds(29));
        Assert.Empty(test.Invocations);

        await test.AdvanceAsync(TimeSpan.FromSeconds(2));
        Assert.Equal(["placed"], test.Invocations);
    }

    [Fact]
    public async Task What_was_not_settled_comes_again_after_a_crash()
    {
        StreamTest test = StreamTest.For(environment => async (Stream _) => await Task.Delay(TimeSpan.FromSeconds(2), environment.Time)).Put("order-1", "placed");

        await test.AdvanceAsync(TimeSpan.FromSeconds(1.5));
        await test.CrashAsync();
        Assert.Equal(0, test.Checkpoint);
        await test.RunUntilIdleAsync();

        Assert.Equal(["placed", "placed"], test.Invocations);
        Assert.Equal(1, test.Checkpoint);
    }

    [Fact]
    public async Task What_cannot_be_processed_is_discarded_when_its_retries_are_spent()
    {
        StreamTest test = StreamTest.For(_ => Refuse)
            .Mapping(mapping => mapping with { MaximumRetryAttempts = 1 })
            .OnFailureDestination()
            .Put("order-1", "placed");

        await test.RunUntilIdleAsync();

        Assert.Equal(["placed", "placed"], test.Invocations);
        Assert.Equal(["placed"], test.Discarded);
        Assert.Equal(DiscardReason.RetryAttemptsExhausted, test.Run.DiscardReasonOf("placed"));
        Assert.All(test.Run.Calls, call => Assert.Contains("no", Assert.IsType<BatchOutcome.Failed>(call.Outcome).Error, StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_never_ends_is_said()
    {
        StreamTest test = StreamTest.For(_ => Refuse).Within(TimeSpan.FromMinutes(5)).Put("order-1", "placed");

        StreamTestException failure = await Assert.ThrowsAsync<StreamTestException>(test.RunUntilIdleAsync);

        Assert.Contains("Not everything is settled after 00:05:00", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_broken_promise_is_found_by_Verify()
    {
        StreamTest test = StreamTest.For(_ => Refuse)
            .Mapping(mapping => mapping with { MaximumRetryAttempts = 0 })
            .Put("order-1", "placed");
        await test.RunUntilIdleAsync();

        StreamTestException failure = Assert.Throws<StreamTestException>(() => test.Verify());

        Assert.Equal(Delivery.NothingLost.Name, failure.Promise);
        Assert.Null(failure.Schedule);
        Assert.Equal(["placed"], failure.Records);
    }

    [Fact]
    public async Task What_was_done_step_by_step_is_done_again_from_its_file()
    {
        StreamTest test = Forgetful("paid").Put("order-1", "placed");
        await test.AdvanceAsync(TimeSpan.FromSeconds(1.5));
        test.Put("order-1", "paid").Put("order-2", "placed");
        await test.CrashAsync();
        await test.RunUntilIdleAsync();
        StreamTestException failure = Assert.Throws<StreamTestException>(() => test.Verify());
        Assert.Equal(["placed", "paid", "placed"], failure.Records);

        StreamTestException again = await Assert.ThrowsAsync<StreamTestException>(() => Replayed(failure, "paid").RunAsync());
        Assert.Equal(failure.Promise, again.Promise);
        Assert.Equal(failure.Records, again.Records);
        ulong hash = 0;
        await Replayed(failure, "").RunAsync();               // mended
        await Replayed(failure, "paid").Expect().Expect("remembers", run =>
        {
            hash = run.HistoryHash;
            return null;
        }).RunAsync();
        Assert.Equal(test.Run.HistoryHash, hash);
        File.Delete(failure.ReplayFile!);
        File.Delete(again.ReplayFile!);

        static StreamTest Replayed(StreamTestException failure, string forgotten) => StreamTest.Replay(failure.ReplayFile!).For(HandlerOf(forgotten));
    }

    private static void Refuse(Stream input) => throw new InvalidOperationException("no");

    private static StreamTest Forgetful(string forgotten) => StreamTest.For(HandlerOf(forgotten));

    private static Func<ExecutionEnvironment, Delegate> HandlerOf(string forgotten) => environment => (Stream input) =>
    {
        using var json = System.Text.Json.JsonDocument.Parse(input);
        foreach (System.Text.Json.JsonElement record in json.RootElement.GetProperty("Records").EnumerateArray())
        {
            string text = System.Text.Encoding.UTF8.GetString(record.GetProperty("kinesis").GetProperty("data").GetBytesFromBase64());
            if (text != forgotten)
                environment.Effects.AddOnce(record.GetProperty("kinesis").GetProperty("partitionKey").GetString()!, text, text);
        }
    };

    private static StreamTest Test() => StreamTest.For(_ => (Stream _) => { });
}
