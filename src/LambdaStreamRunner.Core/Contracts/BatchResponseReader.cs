using System.Text.Json;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Core.Contracts;

/// <summary>What a function's answer says about its batch, when the function did not fail.</summary>
/// <remarks>
/// AWS: <see href="https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-batchfailurereporting.html"/>.
/// Two kinds of answer AWS does not describe: valid identifiers mixed with unknown ones, and an answer that is no JSON
/// object. Both are a failure of the whole batch, since then nothing the function says can be trusted.
/// </remarks>
public static class BatchResponseReader
{
    private static readonly JsonReaderOptions Options = new() { MaxDepth = 1_000 };

    /// <summary>Reads the answer.</summary>
    /// <param name="response">The bytes that the function returned; none when it returned nothing.</param>
    /// <param name="records">The batch, in order of sequence number.</param>
    /// <param name="mapping">Without ReportBatchItemFailures and tumbling windows the answer is not looked at.</param>
    public static BatchOutcome Read(ReadOnlySpan<byte> response, ReadOnlySpan<StreamRecord> records, EventSourceMapping mapping)
    {
        if (mapping.TumblingWindow > TimeSpan.Zero)
            return TimeWindowResponse.Read(response, records, mapping);
        return ReadFailures(response, records, mapping);
    }

    internal static BatchOutcome ReadFailures(ReadOnlySpan<byte> response, ReadOnlySpan<StreamRecord> records, EventSourceMapping mapping)
    {
        if (!mapping.ReportsBatchItemFailures)
            return BatchOutcome.Succeeded.Instance;
        if (response.TrimStart(" \t\r\n"u8).IsEmpty)          // a function without an answer has nothing to complain about
            return BatchOutcome.Succeeded.Instance;

        try
        {
            var reader = new Utf8JsonReader(response, Options);
            reader.Read();
            BatchOutcome outcome = ReadAnswer(ref reader, records);
            while (reader.Read())
            {
                // what follows must still be JSON, or the answer is not
            }
            return outcome;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {                                                     // the second: text that is no UTF-8, or half a surrogate pair
            return WholeBatch($"The answer is not JSON: {exception.Message}");
        }
    }

    private static BatchOutcome ReadAnswer(ref Utf8JsonReader reader, ReadOnlySpan<StreamRecord> records)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.Null:
            case JsonTokenType.String when reader.ValueTextEquals(""u8):
                return BatchOutcome.Succeeded.Instance;
            case JsonTokenType.StartArray:
                reader.Read();
                return reader.TokenType is JsonTokenType.EndArray ? BatchOutcome.Succeeded.Instance : NoObject();
            case JsonTokenType.StartObject:
                return ReadObject(ref reader, records);
            default:
                return NoObject();
        }
    }

    private static BatchOutcome ReadObject(ref Utf8JsonReader reader, ReadOnlySpan<StreamRecord> records)
    {
        BatchOutcome outcome = BatchOutcome.Succeeded.Instance;   // also for an object that does not know the member
        while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
        {
            bool isFailures = reader.ValueTextEquals("batchItemFailures"u8);
            reader.Read();
            if (isFailures)
                outcome = ReadFailures(ref reader, records);
            else
                reader.Skip();
        }
        return outcome;
    }

    private static BatchOutcome ReadFailures(ref Utf8JsonReader reader, ReadOnlySpan<StreamRecord> records)
    {
        if (reader.TokenType is JsonTokenType.Null)
            return BatchOutcome.Succeeded.Instance;
        if (reader.TokenType is not JsonTokenType.StartArray)
        {
            reader.Skip();
            return WholeBatch("batchItemFailures is not a list.");
        }

        int lowest = records.Length;
        BatchOutcome.PartlyFailed? invalid = null;
        while (reader.Read() && reader.TokenType is not JsonTokenType.EndArray)
        {
            BatchItemFailure item = BatchItemFailure.Read(ref reader);
            int index = item.IndexIn(records);
            if (index < 0)
                invalid ??= WholeBatch(item.Problem ?? $"itemIdentifier {item.SequenceNumber} is not in the batch.");
            else
                lowest = Math.Min(lowest, index);
        }
        if (invalid is not null)
            return invalid;
        return lowest < records.Length ? new BatchOutcome.PartlyFailed(lowest) : BatchOutcome.Succeeded.Instance;
    }

    private static BatchOutcome.PartlyFailed NoObject() => WholeBatch("The answer is not a JSON object.");

    private static BatchOutcome.PartlyFailed WholeBatch(string problem) => new(0) { Problem = problem };
}
