using System.Text.Json;
using Amazon.Lambda.Core;
using Amazon.Lambda.KinesisEvents;
using Amazon.Lambda.Serialization.SystemTextJson;

[assembly: LambdaSerializer(typeof(DefaultLambdaJsonSerializer))]

namespace OrderTracker;

/// <summary>Follows orders through placed, paid and shipped. The partition key is the order's id, so its events come in order.</summary>
public class Function
{
    private static readonly OrderBook SinceStart = new();

    /// <summary>The function as Lambda creates it. Its orders last as long as the process; a real one would keep them in a table.</summary>
    public Function()
        : this(SinceStart)
    {
    }

    /// <summary>The function as a test creates it.</summary>
    public Function(OrderBook orders) => Orders = orders;

    /// <summary>The orders and their states.</summary>
    public OrderBook Orders { get; }

    /// <summary>Applies the events in order and stops at the first that cannot be applied: it and all after it come again.</summary>
    /// <remarks>The mapping needs ReportBatchItemFailures; without it the answer means success.</remarks>
    public async Task<StreamsEventResponse> HandleAsync(KinesisEvent kinesisEvent, ILambdaContext context)
    {
        foreach (KinesisEvent.KinesisEventRecord record in kinesisEvent.Records)
        {
            string? problem = await ApplyAsync(record.Kinesis);
            if (problem is null)
                continue;

            context.Logger.LogWarning($"Record {record.Kinesis.SequenceNumber}: {problem}");
            return FailedFrom(record.Kinesis.SequenceNumber);
        }
        return new StreamsEventResponse { BatchItemFailures = [] };
    }

    /// <returns>Why the event cannot be applied; null when it was.</returns>
    private async Task<string?> ApplyAsync(KinesisEvent.Record record)
    {
        try
        {
            OrderEvent orderEvent = await OrderEvent.ReadAsync(record.Data);
            return Orders.TryApply(orderEvent, out string? problem) ? null : problem;
        }
        catch (JsonException exception)
        {
            return $"not an order event: {exception.Message}";
        }
    }

    private static StreamsEventResponse FailedFrom(string sequenceNumber) =>
        new() { BatchItemFailures = [new StreamsEventResponse.BatchItemFailure { ItemIdentifier = sequenceNumber }] };
}
