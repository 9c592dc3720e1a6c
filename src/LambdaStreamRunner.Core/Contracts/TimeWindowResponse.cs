using System.Text.Json;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Core.Contracts;

/// <summary>What a function's answer says about its tumbling window: the state to go on with.</summary>
/// <remarks>
/// An answer without a state is a failed invocation, of a window's final one as well.
/// AWS: <see href="https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-windows.html"/>.
/// </remarks>
internal static class TimeWindowResponse
{
    private static readonly JsonReaderOptions Options = new() { MaxDepth = 1_000 };

    public static BatchOutcome Read(ReadOnlySpan<byte> response, ReadOnlySpan<StreamRecord> records, EventSourceMapping mapping)
    {
        if (FindState(response) is not { } state)
            return new BatchOutcome.Failed("The answer has no \"state\" that is a JSON object; with a tumbling window every answer needs one.");
        return BatchResponseReader.ReadFailures(response, records, mapping) switch
        {
            BatchOutcome.Succeeded => new BatchOutcome.Succeeded { State = state },
            BatchOutcome.PartlyFailed partly => partly with { State = state },
            BatchOutcome other => other,
        };
    }

    // A copy: the answer's memory goes back to whom it belongs.
    private static byte[]? FindState(ReadOnlySpan<byte> response)
    {
        try
        {
            var reader = new Utf8JsonReader(response, Options);
            if (!reader.Read() || reader.TokenType is not JsonTokenType.StartObject)
                return null;
            byte[]? state = null;
            while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
            {
                bool isState = reader.ValueTextEquals("state"u8);
                reader.Read();
                int start = (int)reader.TokenStartIndex;
                bool isObject = reader.TokenType is JsonTokenType.StartObject;
                reader.Skip();
                if (isState)
                    state = isObject ? response[start..(int)reader.BytesConsumed].ToArray() : null;
            }
            return state;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {                                                     // the second: text that is no UTF-8, or half a surrogate pair
            return null;
        }
    }
}
