using System.Collections.Immutable;

namespace LambdaStreamRunner.Runner.Configuration.Syntax;

/// <summary>A value of the file that still knows where it stood, so that a mistake can name its place.</summary>
/// <param name="Path">As <c>EventSourceMappings[0].BatchSize</c>; empty for the root.</param>
/// <param name="Line">From 1.</param>
internal abstract record JsonValue(string Path, int Line)
{
    internal sealed record Object(string Path, int Line, ImmutableArray<JsonMember> Members) : JsonValue(Path, Line);

    internal sealed record Array(string Path, int Line, ImmutableArray<JsonValue> Items) : JsonValue(Path, Line);

    internal sealed record Text(string Path, int Line, string Value) : JsonValue(Path, Line);

    /// <param name="Written">The digits as they were written.</param>
    internal sealed record Number(string Path, int Line, string Written) : JsonValue(Path, Line);

    internal sealed record Flag(string Path, int Line, bool Value) : JsonValue(Path, Line);

    internal sealed record Null(string Path, int Line) : JsonValue(Path, Line);

    /// <summary>The value in a few words, as an error quotes it.</summary>
    public string Quoted => this switch
    {
        Text text => $"\"{text.Value}\"",
        Number number => number.Written,
        Flag flag => flag.Value ? "true" : "false",
        Null => "null",
        Object => "an object",
        _ => "a list",
    };
}

/// <summary>A named value of an object; <see cref="JsonValue.Line"/> of the value may lie further down.</summary>
/// <param name="Line">Line of the name.</param>
internal sealed record JsonMember(string Name, int Line, JsonValue Value);
