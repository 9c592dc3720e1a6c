using System.Collections.Immutable;
using System.Text.Json;

namespace LambdaStreamRunner.StreamServer.Protocol;

/// <summary>The first look at a request: does every member have a value of its type? (Kinesis reference 1.6)</summary>
/// <remarks>The texts are those of AWS's request parser. Null counts as absent; members nobody knows are passed over.</remarks>
internal static class TypeCheck
{
    private const string ListText = "Start of list found where not expected";
    private const string StructureText = "Start of structure or map found where not expected.";

    /// <exception cref="KinesisException">SerializationException for the first value of a wrong type.</exception>
    public static void Check(JsonElement structure, ImmutableArray<Member> members)
    {
        foreach (Member member in members)
        {
            if (structure.TryGetProperty(member.Name, out JsonElement value))
                Check(value, member);
        }
    }

    /// <summary>The error for a value of a class that AWS's parser cannot turn into a member's type.</summary>
    public static KinesisException Wrong(string javaClass, MemberType type) => Wrong($"class {javaClass} can not be converted to {Target(type)}");

    private static void Check(JsonElement value, Member member)
    {
        if (value.ValueKind is JsonValueKind.Null)
            return;

        switch (member.Type)
        {
            case MemberType.List:
                CheckList(value, member);
                break;
            case MemberType.Map:
                CheckMap(value, member);
                break;
            case MemberType.Structure:
                CheckObject(value, "Expected null");
                Check(value, member.Members);
                break;
            default:
                CheckScalar(value, member.Type);
                break;
        }
    }

    private static void CheckList(JsonElement value, Member member)
    {
        if (value.ValueKind is JsonValueKind.Object)
            throw Wrong(StructureText);
        if (value.ValueKind is not JsonValueKind.Array)
            throw Wrong("Expected list or null");

        foreach (JsonElement element in value.EnumerateArray())
            Check(element, member.Element!);
    }

    private static void CheckMap(JsonElement value, Member member)
    {
        CheckObject(value, "Expected map or null");
        foreach (JsonProperty entry in value.EnumerateObject())
        {
            CheckUnicode(entry);
            Check(entry.Value, member.Element!);
        }
    }

    private static void CheckObject(JsonElement value, string scalarText)
    {
        if (value.ValueKind is JsonValueKind.Array)
            throw Wrong(ListText);
        if (value.ValueKind is not JsonValueKind.Object)
            throw Wrong(scalarText);
    }

    private static void CheckScalar(JsonElement value, MemberType type)
    {
        if (value.ValueKind is JsonValueKind.Array)
            throw Wrong(ListText);
        if (value.ValueKind is JsonValueKind.Object)
            throw Wrong(StructureText);

        switch (type, value.ValueKind)
        {
            case (MemberType.String, JsonValueKind.String):
                CheckUnicode(value);
                return;
            case (MemberType.Integer, JsonValueKind.Number):
            case (MemberType.Timestamp, JsonValueKind.Number):
            case (MemberType.Boolean, JsonValueKind.True or JsonValueKind.False):
                return;
            case (MemberType.Blob, JsonValueKind.String):
                CheckBase64(CheckUnicode(value));
                return;
            case (MemberType.Boolean, JsonValueKind.String):
                throw Wrong($"'{CheckUnicode(value).ToUpperInvariant()}' can not be converted to an Boolean");
            default:
                throw Wrong(JavaClass(value.ValueKind), type);
        }
    }

    private static string CheckUnicode(JsonElement value) => CheckUnicode(value, value => value.GetString()!);

    private static void CheckUnicode(JsonProperty entry) => CheckUnicode(entry, entry => entry.Name);

    private static string CheckUnicode<T>(T value, Func<T, string> read)
    {
        try
        {
            return read(value);
        }
        catch (InvalidOperationException)                     // half a surrogate pair
        {
            throw new KinesisException("SerializationException", null);
        }
    }

    private static void CheckBase64(string text)
    {
        if (text.Length % 4 != 0)
            throw Wrong($"'{text}' can not be converted to a Blob: Base64 encoded length is expected a multiple of 4 bytes but found: {text.Length}");
        if (Base64Text.FirstInvalid(text) is char invalid)
            throw Wrong($"'{text}' can not be converted to a Blob: Invalid Base64 character: '{invalid}'");
        if (!Base64Text.IsTailClean(text))
            throw Wrong($"'{text}' can not be converted to a Blob: Invalid last non-pad Base64 character dectected");
    }

    private static string JavaClass(JsonValueKind kind) => kind switch
    {
        JsonValueKind.String => "java.lang.String",
        JsonValueKind.Number => "com.amazon.coral.value.json.numbers.TruncatingBigNumber",
        _ => "java.lang.Boolean",
    };

    private static string Target(MemberType type) => type switch
    {
        MemberType.Blob => "a Blob",
        MemberType.Timestamp => "milliseconds since epoch",
        _ => $"an {type}",
    };

    private static KinesisException Wrong(string message) => new("SerializationException", message);
}
