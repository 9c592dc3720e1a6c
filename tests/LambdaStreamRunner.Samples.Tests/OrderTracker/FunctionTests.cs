using Amazon.Lambda.KinesisEvents;
using LambdaStreamRunner.Samples.Tests;

namespace OrderTracker.Tests;

public class FunctionTests
{
    private readonly Function _function = new(new OrderBook());

    [Fact]
    public async Task An_order_is_placed_paid_and_shipped()
    {
        Assert.Empty(await FailuresOf(Event("order-1", "placed"), Event("order-2", "placed"), Event("order-1", "paid")));
        Assert.Empty(await FailuresOf(Event("order-1", "shipped")));

        Assert.Equal(OrderState.Shipped, _function.Orders.StateOf("order-1"));
        Assert.Equal(OrderState.Placed, _function.Orders.StateOf("order-2"));
        Assert.Null(_function.Orders.StateOf("order-3"));
    }

    [Fact]
    public async Task The_first_event_that_cannot_be_applied_is_reported_and_nothing_after_it_is_applied()
    {
        string[] failures = await FailuresOf(Event("order-1", "placed"), Event("order-2", "paid"), Event("order-3", "placed"), "?");

        Assert.Equal(["2"], failures);
        Assert.Equal(OrderState.Placed, _function.Orders.StateOf("order-1"));
        Assert.Null(_function.Orders.StateOf("order-3"));
    }

    [Fact]
    public async Task Events_that_come_again_change_nothing()
    {
        string[] events = [Event("order-1", "placed"), Event("order-1", "paid"), Event("order-1", "placed"), Event("order-1", "paid")];

        Assert.Empty(await FailuresOf(events));
        Assert.Equal(OrderState.Paid, _function.Orders.StateOf("order-1"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"orderId":"order-1"}""")]
    [InlineData("""{"orderId":null,"event":"placed"}""")]
    [InlineData("""{"orderId":"order-1","event":"returned"}""")]
    [InlineData("""{"orderId":"order-1","event":1}""")]
    public async Task What_is_no_order_event_is_reported(string payload) => Assert.Equal(["1"], await FailuresOf(payload));

    [Theory]
    [InlineData("paid")]
    [InlineData("shipped")]
    public async Task An_order_cannot_begin_in_the_middle(string state) => Assert.Equal(["1"], await FailuresOf(Event("order-1", state)));

    [Fact]
    public async Task The_sample_data_holds_300_orders_that_are_all_shipped()
    {
        string[] events = await File.ReadAllLinesAsync(Path.Combine(AppContext.BaseDirectory, "data", "orders.jsonl"), TestContext.Current.CancellationToken);

        Assert.Empty(await FailuresOf(events));
        Assert.Equal(900, events.Length);
        Assert.Equal(300, _function.Orders.Count(OrderState.Shipped));
    }

    private async Task<string[]> FailuresOf(params string[] payloads)
    {
        StreamsEventResponse response = await _function.HandleAsync(Events.Of(payloads), Events.Context);
        return [.. response.BatchItemFailures.Select(failure => failure.ItemIdentifier)];
    }

    private static string Event(string orderId, string state) => $$"""{"orderId":"{{orderId}}","event":"{{state}}","at":"2026-01-31T09:00:00Z"}""";
}
