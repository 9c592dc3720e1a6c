using LambdaStreamRunner.Core.Mappings;
using static LambdaStreamRunner.Core.Mappings.FunctionResponseType;

namespace LambdaStreamRunner.Testing.Tests;

/// <summary>Tests about a mapping read like the AWS page that they come from.</summary>
public class StreamTestScriptTests
{
    [Fact]
    public async Task When_several_items_failed_all_records_from_the_lowest_failed_sequence_number_on_are_retried()
    {
        StreamTest test = StreamTest.For(new EventSourceMapping { BatchSize = 4, FunctionResponseTypes = [ReportBatchItemFailures] })
            .FunctionReportsFailures("r3", "r2");
        test.Put("key", "r1", "r2", "r3", "r4");

        await test.RunUntilIdleAsync();

        Assert.Equal(["r1 r2 r3 r4", "r2 r3 r4"], test.Invocations);
        Assert.Equal(4, test.Checkpoint);
        test.Verify();
    }

    [Fact]
    public async Task A_poison_record_is_bisected_out_and_given_up()
    {
        StreamTest test = StreamTest.For(new EventSourceMapping { BisectBatchOnFunctionError = true, MaximumRetryAttempts = 0 })
            .OnFailureDestination().FunctionThrows("r3");
        test.Put("key", "r1", "r2", "r3", "r4");

        await test.RunUntilIdleAsync();

        Assert.Equal(["r1 r2 r3 r4", "r1 r2", "r3 r4", "r3", "r4"], test.Invocations);
        Assert.Equal(["r3"], test.Discarded);
        test.Verify();
    }

    [Fact]
    public async Task A_function_that_takes_longer_than_its_timeout_is_cut_off_and_tried_again()
    {
        StreamTest test = StreamTest.For(new EventSourceMapping { MaximumRetryAttempts = 1 })
            .Function(function => function with { Timeout = TimeSpan.FromSeconds(2) }).FunctionTakes(TimeSpan.FromSeconds(5));
        test.Put("key", "r1");

        await test.RunUntilIdleAsync();

        Assert.Equal(["r1", "r1"], test.Invocations);
        Assert.Equal(["r1"], test.Discarded);
        StreamTestException lost = Assert.Throws<StreamTestException>(() => test.Verify());
        Assert.Equal(Delivery.NothingLost.Name, lost.Promise);
        Assert.Contains("Task timed out after 2.00 seconds", lost.Message, StringComparison.Ordinal);
        File.Delete(lost.ReplayFile!);
    }

    [Fact]
    public void A_handler_does_not_follow_a_script()
    {
        StreamTest test = StreamTest.For((Stream _) => "");

        Assert.Throws<InvalidOperationException>(() => test.FunctionThrows("r1"));
    }
}
