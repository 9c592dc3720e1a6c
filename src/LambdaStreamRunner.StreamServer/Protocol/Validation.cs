using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;

namespace LambdaStreamRunner.StreamServer.Protocol;

/// <summary>The second look at a request: constraints of the service model, all broken ones in one message (Kinesis reference 1.7).</summary>
internal sealed class Validation
{
    /// <summary>Most errors that a message lists.</summary>
    public const int ErrorsMax = 10;

    private readonly List<string> _errors = [];

    private Validation()
    {
    }

    /// <exception cref="KinesisException">ValidationException with the broken constraints, or a member that is refused by name.</exception>
    public static void Check(JsonElement structure, ImmutableArray<Member> members)
    {
        var validation = new Validation();
        validation.CheckMembers(structure, members, parent: "");
        int count = validation._errors.Count;
        if (count > 0)
            throw new KinesisException("ValidationException", $"{count} validation error{(count > 1 ? "s" : "")} detected: {string.Join("; ", validation._errors)}");

        RefuseUnsupported(structure, members);
    }

    private static void RefuseUnsupported(JsonElement structure, ImmutableArray<Member> members)
    {
        foreach (Member member in members)
        {
            if (member.Refusal is not null && structure.TryGetProperty(member.Name, out JsonElement value)
                && value.ValueKind is not (JsonValueKind.Null or JsonValueKind.False))
                throw KinesisException.InvalidArgument($"{member.Name} is not supported by this server: {member.Refusal}.");
        }
    }

    private void CheckMembers(JsonElement structure, ImmutableArray<Member> members, string parent)
    {
        foreach (Member member in members)
        {
            bool present = structure.TryGetProperty(member.Name, out JsonElement value) && value.ValueKind is not JsonValueKind.Null;
            if (present)
                CheckValue(value, member, parent + member.CamelName);
            else if (member.IsRequired)
                Add("Value null", parent + member.CamelName, "Member must not be null");
        }
    }

    private void CheckValue(JsonElement value, Member member, string path)
    {
        switch (member.Type)
        {
            case MemberType.String:
                CheckText(value.GetString()!, member, path);
                break;
            case MemberType.Integer:
                CheckNumber(Arguments.ToInteger(value), member, path);
                break;
            case MemberType.Blob:
                CheckLength(Arguments.BlobLength(value.GetString()!), member, "Value", path);
                break;
            case MemberType.List:
                CheckList(value, member, path);
                break;
            case MemberType.Structure:
                CheckMembers(value, member.Members, path + ".");
                break;
            default:
                break;                                        // booleans and times have no constraints; maps are refused as yet
        }
    }

    private void CheckText(string text, Member member, string path)
    {
        string shown = $"Value '{text}'";
        if (member.Pattern is { } pattern && !pattern.Matches(text))
            Add(shown, path, $"Member must satisfy regular expression pattern: {pattern.Text}");
        CheckLength(text.Length, member, shown, path);
        if (member.Values.Length > 0 && !member.Values.Contains(text))
            Add(shown, path, $"Member must satisfy enum value set: [{string.Join(", ", member.Values)}]");
    }

    private void CheckNumber(int number, Member member, string path)
    {
        string shown = string.Create(CultureInfo.InvariantCulture, $"Value '{number}'");
        if (number < member.ValueMin)
            Add(shown, path, $"Member must have value greater than or equal to {member.ValueMin}");
        if (number > member.ValueMax)
            Add(shown, path, $"Member must have value less than or equal to {member.ValueMax}");
    }

    private void CheckList(JsonElement list, Member member, string path)
    {
        int count = list.GetArrayLength();
        CheckLength(count, member, count == 0 ? "Value '[]'" : "Value", path);
        int number = 0;
        foreach (JsonElement element in list.EnumerateArray())
        {
            number++;
            if (_errors.Count >= ErrorsMax)
                return;
            string elementPath = string.Create(CultureInfo.InvariantCulture, $"{path}.{number}.member");
            if (element.ValueKind is JsonValueKind.Null)
                Add("Value null", elementPath, "Member must not be null");
            else
                CheckValue(element, member.Element!, elementPath);
        }
    }

    private void CheckLength(int length, Member member, string shown, string path)
    {
        if (length < member.LengthMin)
            Add(shown, path, $"Member must have length greater than or equal to {member.LengthMin}");
        if (length > member.LengthMax)
            Add(shown, path, $"Member must have length less than or equal to {member.LengthMax}");
    }

    private void Add(string shown, string path, string constraint)
    {
        if (_errors.Count < ErrorsMax)
            _errors.Add($"{shown} at '{path}' failed to satisfy constraint: {constraint}");
    }
}
