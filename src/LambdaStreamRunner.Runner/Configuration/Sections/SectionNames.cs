using LambdaStreamRunner.Runner.Configuration.Syntax;

namespace LambdaStreamRunner.Runner.Configuration.Sections;

/// <summary>The names that a kind of section knows.</summary>
/// <param name="Kind">For errors: "a mapping".</param>
/// <param name="Accepted">Names that are read; the published schema holds exactly these.</param>
/// <param name="Refused">Names of AWS, or of later versions, that would not be obeyed.</param>
internal sealed record SectionNames(string Kind, string[] Accepted, RefusedSetting[] Refused);

/// <summary>A name that is known and would not be obeyed: accepting it silently would mislead.</summary>
/// <param name="Name">AWS's name, or ours.</param>
/// <param name="Advice">Why not, and what to do instead.</param>
/// <param name="IsHarmless">Values that ask for nothing, and pass; none when null. Names with such values are accepted names.</param>
internal sealed record RefusedSetting(string Name, string Advice, Func<JsonValue, bool>? IsHarmless = null)
{
    public static bool EmptyText(JsonValue value) => value is JsonValue.Text { Value: "" };

    public static bool EmptyObject(JsonValue value) => value is JsonValue.Object { Members.IsEmpty: true };

    /// <summary>An object without members, or with one list that is empty, as <c>{ "Filters": [] }</c>.</summary>
    public static Func<JsonValue, bool> EmptyListOf(string name) => value =>
        EmptyObject(value)
        || (value is JsonValue.Object { Members: [{ Value: JsonValue.Array { Items.IsEmpty: true } } only] } && only.Name == name);

    public static Func<JsonValue, bool> Number(string written) => value => value is JsonValue.Number number && number.Written == written;
}
