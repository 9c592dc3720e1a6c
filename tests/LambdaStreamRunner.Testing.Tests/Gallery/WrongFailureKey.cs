using System.Text.Json;
using System.Text.Json.Nodes;
using LambdaStreamRunner.Core.Mappings;

namespace LambdaStreamRunner.Testing.Tests.Gallery;

/// <summary>An answer without batchItemFailures, to the letter, means success: AWS reads nothing else.</summary>
public static class WrongFailureKey
{
    public static Exhibit Exhibit { get; } = new(
        "wrong batchItemFailures key",
        "Order.Effects",
        () => Test(environment => new Handler(environment.Effects, "batchItemsFailures").HandleAsync),
        () => Test(environment => new Handler(environment.Effects, "batchItemFailures").HandleAsync));

    private static StreamTest Test(Func<ExecutionEnvironment, Delegate> handlerOf) => StreamTest.For(handlerOf)
        .Mapping(mapping => mapping with { BatchSize = 10, FunctionResponseTypes = [FunctionResponseType.ReportBatchItemFailures] })
        .Given(Exhibit.Orders)
        .Under(Exhibit.HarshFaults.FalseReports(0.05));

    /// <summary>Reads and writes JSON by itself, from stream to stream.</summary>
    private sealed class Handler(Effects table, string failuresKey)
    {
        public async Task<Stream> HandleAsync(Stream input)
        {
            using JsonDocument kinesisEvent = await JsonDocument.ParseAsync(input);
            var failures = new JsonArray();
            foreach (JsonElement record in kinesisEvent.RootElement.GetProperty("Records").EnumerateArray())
            {
                JsonElement kinesis = record.GetProperty("kinesis");
                try
                {
                    await table.AddAsync(kinesis.GetProperty("partitionKey").GetString()!, System.Text.Encoding.UTF8.GetString(kinesis.GetProperty("data").GetBytesFromBase64()));
                }
                catch (EffectFailedException)
                {
                    failures.Add(new JsonObject { ["itemIdentifier"] = kinesis.GetProperty("sequenceNumber").GetString() });
                    break;
                }
            }
            return new MemoryStream(JsonSerializer.SerializeToUtf8Bytes(new JsonObject { [failuresKey] = failures }));
        }
    }
}
