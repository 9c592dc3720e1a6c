using System.Text.Json;
using LambdaStreamRunner.Host.Terminal;
using LambdaStreamRunner.Simulation.Traffic;

namespace LambdaStreamRunner.Host.Traces;

/// <summary>Lines of JSON: <c>{"timeMs":1431857103000,"partitionKey":"10.0.0.7","bytes":203}</c>.</summary>
internal sealed class NdjsonLineParser : TraceLineParser
{
    private byte[] _unescaped = [];
    private int _written;

    /// <inheritdoc/>
    public override string? Parse(ReadOnlySpan<byte> line, out Arrival arrival)
    {
        arrival = default;
        var fields = default(TraceFields);
        var reader = new Utf8JsonReader(line);
        _written = 0;
        try
        {
            if (!reader.Read() || reader.TokenType is not JsonTokenType.StartObject)
                return "is no JSON object; a line is {\"timeMs\":…,\"partitionKey\":\"…\",\"bytes\":…}.";
            while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
                ReadMember(ref reader, ref fields, line.Length);
            reader.Read();                                    // throws for anything after the object
        }
        catch (JsonException broken)
        {
            return $"is not JSON at byte {broken.BytePositionInLine.GetValueOrDefault() + 1}: {ReasonOf(broken)}";
        }
        catch (InvalidOperationException)                     // a text that is not UTF-8, or half of a surrogate pair
        {
            return "holds text that is not Unicode.";
        }
        return Arrivals.Parse(fields, out arrival);
    }

    // .NET ends its messages with places that it counts from 0, within a text that is a line here.
    private static string ReasonOf(JsonException broken) => VisibleText.Whole(broken.Message.Split(" LineNumber: ")[0]);

    private void ReadMember(scoped ref Utf8JsonReader reader, ref TraceFields fields, int lineLength)
    {
        if (reader.ValueTextEquals("timeMs"u8))
            fields.TimeMs = Value(ref reader, lineLength);
        else if (reader.ValueTextEquals("partitionKey"u8))
            fields.PartitionKey = Value(ref reader, lineLength);
        else if (reader.ValueTextEquals("bytes"u8))
            fields.Bytes = Value(ref reader, lineLength);
        else if (reader.ValueTextEquals("keyHash"u8))
            fields.KeyHash = Value(ref reader, lineLength);
        else if (reader.ValueTextEquals("explicitHashKey"u8))
            fields.ExplicitHashKey = Value(ref reader, lineLength);
        else if (reader.ValueTextEquals("keyBytes"u8))
            fields.KeyBytes = Value(ref reader, lineLength);
        else
            reader.Skip();
    }

    /// <summary>A text or number as bytes; null counts as absent, and what is neither is shown as it begins.</summary>
    private ReadOnlySpan<byte> Value(scoped ref Utf8JsonReader reader, int lineLength)
    {
        reader.Read();
        if (reader.TokenType is JsonTokenType.Null)
            return default;
        if (reader.TokenType is not JsonTokenType.String || !reader.ValueIsEscaped)
        {
            ReadOnlySpan<byte> written = reader.ValueSpan;
            reader.Skip();
            return written;
        }
        if (_unescaped.Length < lineLength)                   // the fields of a line together are no longer than the line
            Array.Resize(ref _unescaped, lineLength * 2);
        int start = _written;
        _written += reader.CopyString(_unescaped.AsSpan(start));
        return _unescaped.AsSpan(start.._written);
    }
}
