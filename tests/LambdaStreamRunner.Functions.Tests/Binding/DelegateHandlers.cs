using Amazon.Lambda.Core;
using LambdaStreamRunner.Functions.Binding;

namespace LambdaStreamRunner.Functions.Tests.Binding;

/// <summary>A program or a test that hosts the runner gives a method instead of a handler string.</summary>
public class DelegateHandlers
{
    [Fact]
    public async Task A_method_group_is_a_handler() =>
        Assert.Equal("""{"Count":2,"First":"a"}""", await Fixture.AnswerOf(HandlerBinder.Bind(new OrderFunction().HandleAsync), """{"records":[{"data":"a"},{"data":"b"}]}"""));

    [Fact]
    public async Task A_lambda_that_captures_is_a_handler()
    {
        List<string> seen = [];

        Assert.Equal("", await Fixture.AnswerOf(HandlerBinder.Bind((string text) => seen.Add(text)), "\"hello\""));

        Assert.Equal(["hello"], seen);
    }

    [Fact]
    public async Task A_delegate_takes_the_context_of_the_Lambda_library_that_its_assembly_uses() =>
        Assert.Equal("\"hello request-1\"", await Fixture.AnswerOf(HandlerBinder.Bind((string text, ILambdaContext context) => $"{text} {context.AwsRequestId}"), "\"hello\""));

    [Fact]
    public async Task Data_and_arrival_of_an_event_of_Kinesis_are_read_without_a_serializer()
    {
        var function = HandlerBinder.Bind((KinesisRecord record) => $"{Convert.ToHexString(record.Data.ToArray())} {record.ApproximateArrivalTimestamp:O}");

        Assert.Equal(
            "\"010203 2026-09-19T09:11:25.2340000Z\"",
            await Fixture.AnswerOf(function, """{"data":"AQID","approximateArrivalTimestamp":1789809085.234}"""));
    }

    [Fact]
    public void A_delegate_is_held_to_the_same_rules()
    {
        string message = Assert.Throws<FunctionLoadException>(() => HandlerBinder.Bind((string text) => AsVoid(text))).Message;

        Assert.Contains("returns ValueTask", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_delegate_of_several_methods_is_refused()
    {
        Action<string> both = _ => { };
        both += _ => { };

        Assert.Contains("calls several methods", Assert.Throws<FunctionLoadException>(() => HandlerBinder.Bind(both)).Message, StringComparison.Ordinal);
    }

    private static async ValueTask AsVoid(string text) => await Task.FromResult(text);

    private sealed record KinesisRecord(MemoryStream Data, DateTime ApproximateArrivalTimestamp);

    private sealed record OrderEvent(IReadOnlyList<OrderRecord> Records);

    private sealed record OrderRecord(string Data);

    private sealed record OrderSummary(int Count, string First);

    private sealed class OrderFunction
    {
        public async Task<OrderSummary> HandleAsync(OrderEvent input)
        {
            await Task.Yield();
            return new OrderSummary(input.Records.Count, input.Records[0].Data);
        }
    }
}
