using System.Text;
using CsCheck;
using LambdaStreamRunner.Core.Contracts;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Core.Tests.Contracts;

/// <summary>https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-batchfailurereporting.html</summary>
public class BatchResponseReaderTests
{
    private static readonly EventSourceMapping Reporting = new() { FunctionResponseTypes = [FunctionResponseType.ReportBatchItemFailures] };
    private static readonly EventSourceMapping Silent = new();

    /// <summary>Numbers whose order as text is not their order.</summary>
    private static readonly StreamRecord[] Batch = Records.Numbered("9", "10", "100", "101");

    [Theory]
    [InlineData("")]
    [InlineData(" \n")]
    [InlineData("\"\"")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"batchItemFailures":[]}""")]
    [InlineData("""{"batchItemFailures":null}""")]
    [InlineData("""{"statusCode":200,"body":{"batchItemFailures":[{"itemIdentifier":"9"}]}}""")]
    [InlineData("""{"BatchItemFailures":[{"itemIdentifier":"9"}]}""")]
    public void S_40_complete_success(string response) => Assert.Same(BatchOutcome.Succeeded.Instance, Read(response));

    [Theory]
    [InlineData("""{"batchItemFailures":[{"itemIdentifier":""}]}""")]
    [InlineData("""{"batchItemFailures":[{"itemIdentifier":null}]}""")]
    [InlineData("""{"batchItemFailures":[{"foo":123}]}""")]
    [InlineData("""{"batchItemFailures":[{"foo":null}]}""")]
    [InlineData("""{"batchItemFailures":[{"foo":{"itemIdentifier":"10"}}]}""")]
    [InlineData("""{"batchItemFailures":[{}]}""")]
    [InlineData("""{"batchItemFailures":[null]}""")]
    [InlineData("""{"batchItemFailures":["10"]}""")]
    [InlineData("""{"batchItemFailures":[["10"]]}""")]
    [InlineData("""{"batchItemFailures":[{"itemIdentifier":123}]}""")]
    [InlineData("""{"batchItemFailures":[{"itemIdentifier":1e2}]}""")]
    [InlineData("""{"batchItemFailures":[{"itemIdentifier":true}]}""")]
    [InlineData("""{"batchItemFailures":[{"itemIdentifier":["10"]}]}""")]
    [InlineData("""{"batchItemFailures":[{"itemIdentifier":"123"}]}""")]
    [InlineData("""{"batchItemFailures":[{"itemIdentifier":" 10"}]}""")]
    [InlineData("""{"batchItemFailures":[{"itemIdentifier":"\ud800"}]}""")]
    [InlineData("""{"batchItemFailures":[{"itemIdentifier":"10"},{"itemIdentifier":"123"}]}""")]
    [InlineData("""{"batchItemFailures":[{"itemIdentifier":null},{"itemIdentifier":"10"}]}""")]
    [InlineData("""{"batchItemFailures":{"itemIdentifier":"10"}}""")]
    [InlineData("""{"batchItemFailures":"10"}""")]
    [InlineData("""{"batchItemFailures":7}""")]
    [InlineData("""{"batchItemFailures":[{"itemIdentifier":"10"}]""")]
    [InlineData("""{"batchItemFailures":[{"itemIdentifier":"10"}]} trailing""")]
    [InlineData("done")]
    [InlineData("\"done\"")]
    [InlineData("true")]
    [InlineData("7")]
    [InlineData("[1]")]
    public void S_41_S_42_complete_failure(string response)
    {
        var failed = Assert.IsType<BatchOutcome.PartlyFailed>(Read(response));

        Assert.Equal(0, failed.LowestFailedIndex);
        Assert.NotEmpty(failed.Problem!);
    }

    [Theory]
    [InlineData("""{"batchItemFailures":[{"itemIdentifier":"9"}]}""", 0)]
    [InlineData("""{"batchItemFailures":[{"itemIdentifier":"10"}]}""", 1)]
    [InlineData("""{"batchItemFailures":[{"itemIdentifier":"101"}]}""", 3)]
    [InlineData("""{"batchItemFailures":[{"itemIdentifier":"101"},{"itemIdentifier":"10"},{"itemIdentifier":"100"}]}""", 1)]
    [InlineData("""{"batchItemFailures":[{"itemIdentifier":"100"},{"itemIdentifier":"100"}]}""", 2)]
    [InlineData("""{"batchItemFailures":[{"itemIdentifier":"0010"}]}""", 1)]
    [InlineData("""{"batchItemFailures":[{"itemIdentifier":10}]}""", 1)]
    [InlineData("""{"batchItemFailures":[{"itemIdentifier":"\u0031\u0030"}]}""", 1)]
    [InlineData("""{"batchItemFailures":[{"error":{"code":[7]},"itemIdentifier":"100","attempt":1}]}""", 2)]
    [InlineData(""" { "state" : { "a" : [ ] } , "batchItemFailures" : [ { "itemIdentifier" : "100" } ] , "x" : 1 } """, 2)]
    public void The_lowest_reported_record_as_a_number_is_the_one_that_counts(string response, int lowestFailedIndex) =>
        Assert.Equal(new BatchOutcome.PartlyFailed(lowestFailedIndex), Read(response));

    [Fact]
    public void Of_records_with_equal_numbers_the_first_one_counts()
    {
        StreamRecord[] aggregated = Records.Numbered("1", "2", "2", "2", "3");

        BatchOutcome outcome = BatchResponseReader.Read("""{"batchItemFailures":[{"itemIdentifier":"2"}]}"""u8, aggregated, Reporting);

        Assert.Equal(new BatchOutcome.PartlyFailed(1), outcome);
    }

    [Theory]
    [InlineData("""{"batchItemFailures":[{"itemIdentifier":"9"}]}""")]
    [InlineData("not JSON")]
    public void S_36_without_ReportBatchItemFailures_the_answer_does_not_matter(string response) =>
        Assert.Same(BatchOutcome.Succeeded.Instance, BatchResponseReader.Read(Encoding.UTF8.GetBytes(response), Batch, Silent));

    [Fact]
    public void The_problem_names_the_record_that_is_not_in_the_batch()
    {
        var failed = Assert.IsType<BatchOutcome.PartlyFailed>(Read("""{"batchItemFailures":[{"itemIdentifier":"123"}]}"""));

        Assert.Equal("itemIdentifier 123 is not in the batch.", failed.Problem);
    }

    [Fact]
    public void Any_records_of_the_batch_in_any_order_give_the_lowest() =>
        Gen.Int[0, Batch.Length - 1].Array[1, 10].Sample(reported =>
        {
            string items = string.Join(',', reported.Select(index => $$"""{"itemIdentifier":"{{Batch[index].SequenceNumber}}"}"""));

            Assert.Equal(new BatchOutcome.PartlyFailed(reported.Min()), Read($$"""{"batchItemFailures":[{{items}}]}"""));
        });

    [Fact]
    public void Any_damage_to_an_answer_is_still_an_outcome() =>
        Gen.Select(Gen.Int[0, 60], Gen.Byte).Sample((position, value) =>
        {
            byte[] answer = """{"batchItemFailures":[{"itemIdentifier":"\u00310","x":null}]}"""u8.ToArray();
            answer[position] = value;

            BatchOutcome outcome = BatchResponseReader.Read(answer, Batch, Reporting);

            Assert.True(outcome is BatchOutcome.Succeeded or BatchOutcome.PartlyFailed);
        });

    [Fact]
    public void A_success_allocates_nothing()
    {
        ReadOnlySpan<byte> response = """{"batchItemFailures":[]}"""u8;
        BatchResponseReader.Read(response, Batch, Reporting); // what a first call allocates is the runtime's

        long before = GC.GetAllocatedBytesForCurrentThread();
        BatchResponseReader.Read(response, Batch, Reporting);

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static BatchOutcome Read(string response) => BatchResponseReader.Read(Encoding.UTF8.GetBytes(response), Batch, Reporting);
}
