using System.Globalization;
using LambdaStreamRunner.Core.Measures;
using LambdaStreamRunner.Runner.Configuration.Syntax;

namespace LambdaStreamRunner.Runner.Configuration.Sections;

/// <summary>An object of the file, read setting by setting. A mistake is noted, and reading goes on with the default.</summary>
internal sealed class Section
{
    private readonly Dictionary<string, JsonValue> _values = new(StringComparer.Ordinal);
    private readonly Problems _problems;

    public Section(JsonValue.Object at, SectionNames names, Problems problems)
    {
        At = at;
        _problems = problems;
        foreach (JsonMember member in at.Members)
            Add(member, names);
    }

    /// <summary>The whole object, for mistakes that are no single setting's.</summary>
    public JsonValue.Object At { get; }

    /// <summary>The value behind a name, or null when the file does not say.</summary>
    public JsonValue? Find(string name) => _values.GetValueOrDefault(name);

    /// <summary>Notes that a setting which has no default is absent.</summary>
    public void Missing(string name, string advice) =>
        _problems.Error(new ConfigurationProblem(JsonTree.Member(At.Path, name), At.Line, $"is missing; {advice}"));

    /// <summary>Notes what is wrong with a setting, present or not; nothing when something is wrong with it already.</summary>
    public void Problem(string name, string text)
    {
        string path = JsonTree.Member(At.Path, name);
        if (!_problems.Errors.Any(error => error.Path == path))
            _problems.Error(new ConfigurationProblem(path, Find(name)?.Line ?? At.Line, text));
    }

    /// <summary>Notes that a text is absent, or holds nothing.</summary>
    public void Require(string name, string advice)
    {
        if (Find(name) is null)
            Missing(name, advice);
        else if (Find(name) is JsonValue.Text { Value: "" })
            _problems.Error(Find(name)!, $"is empty; {advice}");
    }

    public string? Text(string name)
    {
        if (Find(name) is not JsonValue value)
            return null;
        if (value is JsonValue.Text text)
            return text.Value;
        _problems.Error(value, $"is {value.Quoted}; write a text in quotes.");
        return null;
    }

    /// <summary>A text that must be there and hold something.</summary>
    public string? RequiredText(string name, string advice)
    {
        Require(name, advice);
        return Text(name) is { Length: > 0 } text ? text : null;
    }

    public bool Flag(string name, bool otherwise)
    {
        if (Find(name) is not JsonValue value)
            return otherwise;
        if (value is JsonValue.Flag flag)
            return flag.Value;
        _problems.Error(value, $"is {value.Quoted}; write true or false, without quotes.");
        return otherwise;
    }

    /// <summary>A whole number of AWS's range.</summary>
    public int Integer(string name, int otherwise, int min, int max) => IntegerIn(name, min, max, $" for {otherwise}") ?? otherwise;

    /// <summary>A whole number of AWS's range; null when the file does not say.</summary>
    public int? Integer(string name, int min, int max) => IntegerIn(name, min, max, "");

    /// <summary>A whole number of any size, or null when absent or not one.</summary>
    public long? WholeNumber(string name)
    {
        if (Find(name) is not JsonValue value)
            return null;
        if (value is JsonValue.Number number && long.TryParse(number.Written, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long whole))
            return whole;
        _problems.Error(value, $"is {value.Quoted}; write a whole number, without quotes.");
        return null;
    }

    /// <summary>A number of a range, with a fraction or without.</summary>
    public double Decimal(string name, double otherwise, double min, double max)
    {
        if (Find(name) is not JsonValue value)
            return otherwise;
        if (NumberIn(value) is not double number)
            _problems.Error(value, $"is {value.Quoted}; write a number, without quotes.");
        else if (number >= min && number <= max)
            return number;
        else
            _problems.Error(value, FormattableString.Invariant($"is {value.Quoted}; it can be {min} to {max}. Write a number in that range, or leave it out for {otherwise}."));
        return otherwise;
    }

    /// <summary>The number that a value is; null when it is none.</summary>
    public static double? NumberIn(JsonValue value) =>
        value is JsonValue.Number number && double.TryParse(number.Written, NumberStyles.Float, CultureInfo.InvariantCulture, out double read) ? read : null;

    /// <summary>One of a few words; case does not matter in values.</summary>
    public T? Choice<T>(string name, params (string Word, T Value)[] choices)
        where T : struct
    {
        if (Text(name) is not string written)
            return null;
        foreach ((string word, T value) in choices)
        {
            if (word.Equals(written, StringComparison.OrdinalIgnoreCase))
                return value;
        }
        string[] words = [.. choices.Select(choice => choice.Word)];
        _problems.Error(Find(name)!, $"is \"{written}\"; it can be {Sentence.Or(words)}.{NearestName.Suggest(written, words)}");
        return null;
    }

    public JsonValue.Object? Object(string name)
    {
        if (Find(name) is not JsonValue value)
            return null;
        if (value is JsonValue.Object found)
            return found;
        _problems.Error(value, $"is {value.Quoted}; write an object in braces.");
        return null;
    }

    public JsonValue.Array? List(string name)
    {
        if (Find(name) is not JsonValue value)
            return null;
        if (value is JsonValue.Array found)
            return found;
        _problems.Error(value, $"is {value.Quoted}; write a list in brackets.");
        return null;
    }

    private int? IntegerIn(string name, int min, int max, string otherwise)
    {
        if (WholeNumber(name) is not long number)
            return null;
        if (number >= min && number <= max)
            return (int)number;
        _problems.Error(Find(name)!, $"is {number}; AWS takes {min} to {max}. Write a number in that range, or leave it out{otherwise}.");
        return null;
    }

    private void Add(JsonMember member, SectionNames names)
    {
        RefusedSetting? refused = Array.Find(names.Refused, setting => setting.Name == member.Name);
        if (refused is not null && refused.IsHarmless?.Invoke(member.Value) != true)
            Problem(member, refused.Advice);
        else if (refused is null && !names.Accepted.Contains(member.Name))
            Problem(member, $"is not a setting of {names.Kind}.{SuggestOrList(member.Name, names.Accepted)}");
        else if (!_values.TryAdd(member.Name, member.Value))
            Problem(member, $"is there twice, first in line {_values[member.Name].Line}. Remove one.");
    }

    private void Problem(JsonMember member, string text) =>
        _problems.Error(new ConfigurationProblem(member.Value.Path, member.Line, text));

    private static string SuggestOrList(string name, string[] known) =>
        NearestName.Suggest(name, known) is { Length: > 0 } suggestion ? suggestion : $" It knows {string.Join(", ", known)}.";
}
