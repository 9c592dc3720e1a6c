namespace LambdaStreamRunner.Core.Mappings.Filtering.Patterns;

/// <summary>Numbers between two bounds.</summary>
/// <param name="Lower">The lower bound; −∞ for none.</param>
/// <param name="IncludesLower">The lower bound belongs to it.</param>
/// <param name="Upper">The upper bound; ∞ for none.</param>
/// <param name="IncludesUpper">The upper bound belongs to it.</param>
internal readonly record struct NumericRange(double Lower, bool IncludesLower, double Upper, bool IncludesUpper)
{
    /// <summary>Every number.</summary>
    public static NumericRange All => new(double.NegativeInfinity, true, double.PositiveInfinity, true);

    /// <summary>True when no number lies in it.</summary>
    public bool IsEmpty => Lower > Upper || (Lower == Upper && !(IncludesLower && IncludesUpper));

    /// <summary>True when the number lies in it.</summary>
    public bool Contains(double number) =>
        (number > Lower || (IncludesLower && number == Lower)) && (number < Upper || (IncludesUpper && number == Upper));
}
