using System.Text;
using LambdaStreamRunner.Core.Contracts;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Core.Tests.Contracts;

/// <summary>https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-windows.html</summary>
public class TimeWindowResponseTests
{
    private static readonly EventSourceMapping Windowed = new() { TumblingWindow = TimeSpan.FromSeconds(10) };

    private static readonly EventSourceMapping Reporting = Windowed with { FunctionResponseTypes = [FunctionResponseType.ReportBatchItemFailures] };

    [Theory]
    [InlineData("""{"state":{}}""", "{}")]
    [InlineData("""{"other":[{"state":{"no":1}}],"state":{ "a" : { "b" : [ 1.0, "ü" ] } } }""", """{ "a" : { "b" : [ 1.0, "ü" ] } }""")]
    [InlineData("""{"state":{"first":1},"state":{"last":1}}""", """{"last":1}""")]
    public void The_state_is_taken_byte_for_byte(string answer, string state)
    {
        var outcome = Assert.IsType<BatchOutcome.Succeeded>(Read(answer, Windowed));

        Assert.Equal(state, Encoding.UTF8.GetString(outcome.State!.Value.Span));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("not JSON")]
    [InlineData("""{"state":null}""")]
    [InlineData("""{"state":"text"}""")]
    [InlineData("""{"state":{},"state":7}""")]
    [InlineData("""{"state":{}""")]
    public void S_87_an_answer_without_a_state_is_a_failed_invocation(string answer) => Assert.IsType<BatchOutcome.Failed>(Read(answer, Windowed));

    [Fact]
    public void Failures_are_read_beside_the_state()
    {
        var outcome = Assert.IsType<BatchOutcome.PartlyFailed>(
            Read("""{"state":{"n":1},"batchItemFailures":[{"itemIdentifier":"2"}]}""", Reporting, [.. Records.Numbered("1", "2", "3")]));

        Assert.Equal(1, outcome.LowestFailedIndex);
        Assert.Equal("""{"n":1}""", Encoding.UTF8.GetString(outcome.State!.Value.Span));
    }

    [Fact]
    public void Without_ReportBatchItemFailures_they_are_not_looked_at() =>
        Assert.IsType<BatchOutcome.Succeeded>(Read("""{"state":{},"batchItemFailures":[{"itemIdentifier":"2"}]}""", Windowed, [.. Records.Numbered("1", "2")]));

    private static BatchOutcome Read(string answer, EventSourceMapping mapping, params StreamRecord[] records) =>
        BatchResponseReader.Read(Encoding.UTF8.GetBytes(answer), records, mapping);
}
