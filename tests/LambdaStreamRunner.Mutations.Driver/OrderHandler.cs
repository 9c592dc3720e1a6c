using System.Text.Json;
using LambdaStreamRunner.Testing;

namespace LambdaStreamRunner.Mutations.Driver;

/// <summary>A handler that does what it must: one effect for each record, in order, and an honest answer.</summary>
public sealed class OrderHandler(ExecutionEnvironment environment)
{
    /// <summary>Makes the effects of a batch; an effect that fails fails the batch.</summary>
    public async Task<Stream> HandleAsync(Stream invocation)
    {
        using JsonDocument document = await JsonDocument.ParseAsync(invocation);
        foreach (JsonElement record in RecordsOf(document))
            await ApplyAsync(record);
        return Answer("{}");
    }

    /// <summary>Makes the effects of a batch; an effect that fails is reported, and nothing after it is done.</summary>
    public async Task<Stream> ReportAsync(Stream invocation)
    {
        using JsonDocument document = await JsonDocument.ParseAsync(invocation);
        foreach (JsonElement record in RecordsOf(document))
        {
            try
            {
                await ApplyAsync(record);
            }
            catch (EffectFailedException)
            {
                string number = record.GetProperty("kinesis").GetProperty("sequenceNumber").GetString()!;
                return Answer($$"""{"batchItemFailures":[{"itemIdentifier":"{{number}}"}]}""");
            }
        }
        return Answer("""{"batchItemFailures":[]}""");
    }

    /// <summary>Makes the effects of a batch, and counts the records of the tumbling window.</summary>
    public async Task<Stream> CountAsync(Stream invocation)
    {
        using JsonDocument document = await JsonDocument.ParseAsync(invocation);
        int count = CountIn(document.RootElement.GetProperty("state"));
        foreach (JsonElement record in RecordsOf(document))
        {
            await ApplyAsync(record);
            count++;
        }
        return Answer($$"""{ "state": { "count": {{count}} } }""");
    }

    /// <summary>How many records the state of a window counts.</summary>
    public static int CountIn(ReadOnlyMemory<byte> state)
    {
        using JsonDocument document = JsonDocument.Parse(state);
        return CountIn(document.RootElement);
    }

    private static int CountIn(JsonElement state) => state.TryGetProperty("count", out JsonElement count) ? count.GetInt32() : 0;

    // A large payload begins with what counts.
    private Task ApplyAsync(JsonElement record)
    {
        JsonElement kinesis = record.GetProperty("kinesis");
        ReadOnlySpan<byte> data = kinesis.GetProperty("data").GetBytesFromBase64();
        int end = data.IndexOf((byte)' ');
        string value = System.Text.Encoding.UTF8.GetString(end < 0 ? data : data[..end]);
        return environment.Effects.AddAsync(kinesis.GetProperty("partitionKey").GetString()!, value);
    }

    private static JsonElement.ArrayEnumerator RecordsOf(JsonDocument document) => document.RootElement.GetProperty("Records").EnumerateArray();

    private static MemoryStream Answer(string json) => new(System.Text.Encoding.UTF8.GetBytes(json));
}
