using System.Collections.Immutable;

namespace LambdaStreamRunner.Core.Mappings.Filtering.Patterns;

/// <summary>What an object must be like: all of its named fields match, and one alternative of each <c>$or</c>.</summary>
/// <param name="Fields">The named fields, each name once.</param>
/// <param name="Alternatives">The alternatives of each <c>$or</c> (one object has one at most), about the same object.</param>
internal sealed record ObjectPattern(ImmutableArray<FieldPattern> Fields, ImmutableArray<ImmutableArray<ObjectPattern>> Alternatives)
{
    /// <summary>True when an object that is not there matches, since nothing else is asked than that fields be absent.</summary>
    public bool AcceptsAbsence { get; } =
        Fields.All(field => field.AcceptsAbsence) && Alternatives.All(group => group.Any(alternative => alternative.AcceptsAbsence));
}

/// <summary>What a field must be like.</summary>
/// <param name="Name">Its name.</param>
internal abstract record FieldPattern(string Name)
{
    /// <summary>True when an absent field matches.</summary>
    public abstract bool AcceptsAbsence { get; }

    /// <summary>The field holds an object that matches.</summary>
    internal sealed record Inner(string Name, ObjectPattern Pattern) : FieldPattern(Name)
    {
        public override bool AcceptsAbsence => Pattern.AcceptsAbsence;
    }

    /// <summary>The field holds a value that passes one of the tests.</summary>
    internal sealed record Leaf(string Name, ImmutableArray<ValueTest> Tests) : FieldPattern(Name)
    {
        /// <summary>What could pass.</summary>
        public ValueKinds Accepts { get; } = Tests.Aggregate(ValueKinds.None, (kinds, test) => kinds | test.Accepts);

        public override bool AcceptsAbsence => Accepts.HasFlag(ValueKinds.Absent);

        public bool Accept(in ScalarValue value)
        {
            foreach (ValueTest test in Tests)
            {
                if (test.Passes(in value))
                    return true;
            }
            return false;
        }
    }
}
