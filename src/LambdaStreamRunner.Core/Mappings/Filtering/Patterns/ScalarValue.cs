namespace LambdaStreamRunner.Core.Mappings.Filtering.Patterns;

/// <summary>A text, number, true, false or null of a record.</summary>
/// <param name="kind">What it is.</param>
/// <param name="utf8">A text without escapes; anything else as it was written.</param>
internal readonly ref struct ScalarValue(ValueKinds kind, ReadOnlySpan<byte> utf8)
{
    /// <summary>One kind.</summary>
    public ValueKinds Kind { get; } = kind;

    /// <summary>The characters.</summary>
    public ReadOnlySpan<byte> Utf8 { get; } = utf8;

    /// <summary>True for a text with these characters; there is no normalisation.</summary>
    public bool IsText(ReadOnlySpan<byte> utf8) => Kind is ValueKinds.Text && Utf8.SequenceEqual(utf8);

    /// <summary>True for a number that is written like this: 300, 300.0 and 3e2 differ.</summary>
    public bool IsNumber(ReadOnlySpan<byte> utf8) => Kind is ValueKinds.Number && Utf8.SequenceEqual(utf8);
}

/// <summary>Kinds of values that a field may hold.</summary>
[Flags]
internal enum ValueKinds
{
    /// <summary>None of them.</summary>
    None = 0,

    /// <summary>A text.</summary>
    Text = 1,

    /// <summary>A number.</summary>
    Number = 2,

    /// <summary>true, false or null.</summary>
    Word = 4,

    /// <summary>A text with half of a surrogate pair, which JSON allows: it equals no other text.</summary>
    BrokenText = 8,

    /// <summary>No value.</summary>
    Absent = 16,

    /// <summary>Any value that is there.</summary>
    Present = Text | Number | Word | BrokenText,
}
