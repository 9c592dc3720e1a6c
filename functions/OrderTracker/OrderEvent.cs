using System.Text.Json;
using System.Text.Json.Serialization;

namespace OrderTracker;

/// <summary>Something that happened to an order.</summary>
/// <param name="OrderId">The order, such as order-17.</param>
/// <param name="Event">The state that the order has from now on.</param>
public record OrderEvent(string OrderId, OrderState Event)
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        Converters = { new JsonStringEnumConverter<OrderState>(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
    };

    /// <summary>Reads <c>{"orderId":"order-17","event":"placed"}</c>; other members are for other readers.</summary>
    /// <exception cref="JsonException">It is anything else.</exception>
    public static async Task<OrderEvent> ReadAsync(Stream utf8) =>
        await JsonSerializer.DeserializeAsync<OrderEvent>(utf8, Options) ?? throw new JsonException("null is not an event.");
}

/// <summary>The states of an order, in the only order in which it passes them.</summary>
public enum OrderState
{
    /// <summary>The customer wants it.</summary>
    Placed = 1,

    /// <summary>The customer has paid for it.</summary>
    Paid,

    /// <summary>It is on its way.</summary>
    Shipped,
}
