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

    /// <exception cref="KinesisException">ValidationException with the broken constraints.</exception>
    public static void Check(JsonElement structure, ImmutableArray<Member> members)
    {
        var validation = new Validation();
        validation.CheckMembers(structure, members, parent: "");
        int count = validation._errors.Count;
        if (count > 0)
            throw new KinesisException("ValidationException", $"{count} validation error{(count > 1 ? "s" : "")} detected: {string.Join("; ", validation._errors)}");
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
            case MemberType.Map:
                CheckMap(value, member, path);
                break;
            default:
                break;                                        // booleans and times have no constraints
        }
    }

    private void CheckText(string text, Member member, string path)
    {
        string shown = $"Value '{text}'";
        if (member.Pattern is { } pattern && !pattern.Matches(text))
            Add(shown, path, $"Member must satisfy regular expression pattern: {pattern.Text}");
        CheckLength(text.Length, member, shown, path);
        if (member.Values.Length > 0 && !member.Values.Contains(text))
            Add(shown, path, ValuesOf(member));
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
        if (member.Element is { Type: MemberType.String } text)
        {
            CheckTexts(list, member, text, path);
            return;
        }

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

    /// <summary>Texts are not told one by one: AWS shows the whole list with all that each of them must satisfy.</summary>
    private void CheckTexts(JsonElement list, Member member, Member text, string path)
    {
        string?[] texts = [.. list.EnumerateArray().Select(element => element.GetString())];
        string shown = $"Value '[{string.Join(", ", texts.Select(element => element ?? "null"))}]'";
        CheckLength(texts.Length, member, shown, path);
        if (text.Values.Length > 0 && texts.Any(element => element is null || !text.Values.Contains(element)))
            Add(shown, path, $"Member must satisfy constraint: [{ValuesOf(text)}]");
        if (texts.Any(element => element is null || !HasLength(element.Length, text)))
            Add(shown, path, $"Member must satisfy constraint: {LengthsOf(text)}");
    }

    /// <summary>Keys and values are not told one by one: AWS shows the whole map with all that each of them must satisfy.</summary>
    private void CheckMap(JsonElement map, Member member, string path)
    {
        (string Key, string? Value)[] entries = [.. map.EnumerateObject().Select(entry => (entry.Name, entry.Value.GetString()))];
        string shown = $"Value '{{{string.Join(", ", entries.Select(entry => $"{entry.Key}={entry.Value ?? "null"}"))}}}'";
        CheckLength(entries.Length, member, shown, path);
        if (entries.Any(entry => !HasLength(entry.Key.Length, member.Key!)))
            Add(shown, path, $"Map keys must satisfy constraint: {LengthsOf(member.Key!)}");
        if (entries.Any(entry => entry.Value is null))
            Add(shown, path, "Map value must not be null");
        else if (entries.Any(entry => !HasLength(entry.Value!.Length, member.Element!)))
            Add(shown, path, $"Map value must satisfy constraint: {LengthsOf(member.Element!)}");
    }

    private static bool HasLength(int length, Member member) => !(length < member.LengthMin || length > member.LengthMax);

    private static string ValuesOf(Member member) => $"Member must satisfy enum value set: [{string.Join(", ", member.Values)}]";

    private static string LengthsOf(Member member) => string.Create(
        CultureInfo.InvariantCulture,
        $"[Member must have length less than or equal to {member.LengthMax}, Member must have length greater than or equal to {member.LengthMin}]");

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
