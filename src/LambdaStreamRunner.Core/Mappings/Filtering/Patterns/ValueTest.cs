using System.Globalization;
using System.Text;

namespace LambdaStreamRunner.Core.Mappings.Filtering.Patterns;

/// <summary>One value or operator of a pattern's list.</summary>
/// <param name="Accepts">Kinds of values that may pass.</param>
/// <remarks>AWS: <see href="https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html#filtering-syntax"/>.</remarks>
internal abstract record ValueTest(ValueKinds Accepts)
{
    /// <summary>True when the value passes.</summary>
    public abstract bool Passes(in ScalarValue value);

    /// <summary><c>"Alice"</c>, and <c>""</c> for an empty text.</summary>
    internal sealed record EqualText(byte[] Utf8) : ValueTest(ValueKinds.Text)
    {
        public override bool Passes(in ScalarValue value) => value.IsText(Utf8);
    }

    /// <summary><c>100</c>: a number that is written in the same characters.</summary>
    internal sealed record EqualNumber(byte[] Utf8) : ValueTest(ValueKinds.Number)
    {
        public override bool Passes(in ScalarValue value) => value.IsNumber(Utf8);
    }

    /// <summary><c>true</c>, <c>false</c> or <c>null</c>.</summary>
    internal sealed record EqualWord(byte[] Utf8) : ValueTest(ValueKinds.Word)
    {
        public override bool Passes(in ScalarValue value) => value.Kind is ValueKinds.Word && value.Utf8.SequenceEqual(Utf8);
    }

    /// <summary><c>{"prefix":"us-"}</c>.</summary>
    internal sealed record Prefix(byte[] Utf8) : ValueTest(ValueKinds.Text)
    {
        public override bool Passes(in ScalarValue value) => value.Kind is ValueKinds.Text && value.Utf8.StartsWith(Utf8);
    }

    /// <summary><c>{"suffix":".png"}</c>.</summary>
    internal sealed record Suffix(byte[] Utf8) : ValueTest(ValueKinds.Text)
    {
        public override bool Passes(in ScalarValue value) => value.Kind is ValueKinds.Text && value.Utf8.EndsWith(Utf8);
    }

    /// <summary><c>{"equals-ignore-case":"alice"}</c>: equal when each character is in upper case.</summary>
    internal sealed record EqualIgnoringCase(byte[] Utf8) : ValueTest(ValueKinds.Text)
    {
        public override bool Passes(in ScalarValue value)
        {
            if (value.Kind is not ValueKinds.Text)
                return false;
            ReadOnlySpan<byte> asked = Utf8;
            ReadOnlySpan<byte> found = value.Utf8;
            while (!asked.IsEmpty && !found.IsEmpty)
            {
                if (TakeUpper(ref asked) != TakeUpper(ref found))
                    return false;
            }
            return asked.IsEmpty && found.IsEmpty;
        }

        private static Rune TakeUpper(ref ReadOnlySpan<byte> utf8)
        {
            Rune.DecodeFromUtf8(utf8, out Rune rune, out int length);
            utf8 = utf8[length..];
            return Rune.ToUpperInvariant(rune);
        }
    }

    /// <summary><c>{"anything-but":["x","y"]}</c>: a value is there, and is none of these (open question: AWS does not say that it must be there).</summary>
    internal sealed record AnythingBut(ValueTest[] Excluded) : ValueTest(ValueKinds.Present)
    {
        public override bool Passes(in ScalarValue value)
        {
            foreach (ValueTest test in Excluded)
            {
                if (test.Passes(in value))
                    return false;
            }
            return true;
        }
    }

    /// <summary><c>{"numeric":[">",10,"&lt;=",20]}</c>: a number of this range, however it is written.</summary>
    /// <remarks>Numbers have the precision of a double, as with EventBridge.</remarks>
    internal sealed record Numeric(NumericRange Range) : ValueTest(Range.IsEmpty ? ValueKinds.None : ValueKinds.Number)
    {
        public override bool Passes(in ScalarValue value) =>
            value.Kind is ValueKinds.Number
            && double.TryParse(value.Utf8, NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
            && Range.Contains(number);
    }

    /// <summary><c>{"exists":true}</c>.</summary>
    internal sealed record Exists() : ValueTest(ValueKinds.Present)
    {
        public override bool Passes(in ScalarValue value) => true;
    }

    /// <summary><c>{"exists":false}</c>.</summary>
    internal sealed record DoesNotExist() : ValueTest(ValueKinds.Absent)
    {
        public override bool Passes(in ScalarValue value) => false;
    }
}
