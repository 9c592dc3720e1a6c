using System.Collections.Concurrent;

namespace OrderTracker;

/// <summary>The state of every order. Safe for batches that run at the same time, as long as an order is in one of them only.</summary>
public class OrderBook
{
    private readonly ConcurrentDictionary<string, OrderState> _orders = new();

    /// <summary>The state of an order; null when it was never placed.</summary>
    public OrderState? StateOf(string orderId) => _orders.TryGetValue(orderId, out OrderState state) ? state : null;

    /// <summary>How many orders have this state.</summary>
    public int Count(OrderState state) => _orders.Values.Count(other => other == state);

    /// <summary>Moves an order one state on. An event that was applied before is fine: streams deliver at least once.</summary>
    /// <param name="orderEvent">What happened.</param>
    /// <param name="problem">Why it cannot be applied, when the result is false.</param>
    public bool TryApply(OrderEvent orderEvent, out string? problem)
    {
        OrderState current = _orders.GetValueOrDefault(orderEvent.OrderId);
        problem = null;
        if (orderEvent.Event <= current)
            return true;
        if (orderEvent.Event != current + 1)
        {
            problem = $"{orderEvent.OrderId} cannot be {orderEvent.Event}: it was not {orderEvent.Event - 1} before.";
            return false;
        }

        _orders[orderEvent.OrderId] = orderEvent.Event;
        return true;
    }
}
