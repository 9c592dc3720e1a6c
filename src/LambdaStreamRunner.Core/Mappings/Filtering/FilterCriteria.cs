using System.Collections.Immutable;

namespace LambdaStreamRunner.Core.Mappings.Filtering;

/// <summary>Which records a mapping delivers: those that match at least one of its filters. The others are settled unseen.</summary>
/// <remarks>
/// Two criteria are equal when their patterns are, character for character.
/// AWS: <see href="https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html"/>.
/// </remarks>
public sealed class FilterCriteria : IEquatable<FilterCriteria>
{
    /// <summary>Most filters of a mapping, until AWS raises the account's quota.</summary>
    public const int FiltersMax = 5;

    /// <summary>Most filters of a mapping to which AWS raises the quota.</summary>
    public const int FiltersQuotaMax = 10;

    /// <summary>What a mapping with too many filters is refused with (open question Q10: AWS's own words are not known).</summary>
    public const string TooManyFilters = "The number of filters exceeds the limit of the event source mapping.";

    /// <summary>Criteria with these filters.</summary>
    public FilterCriteria(params ImmutableArray<FilterPattern> filters) => Filters = filters;

    /// <summary>No filters: every record is delivered.</summary>
    public static FilterCriteria None { get; } = new([]);

    /// <summary>The filters; none of them: every record is delivered.</summary>
    public ImmutableArray<FilterPattern> Filters { get; }

    /// <summary>True when every record is delivered because there are no filters.</summary>
    public bool IsEmpty => Filters.IsEmpty;

    /// <summary>Criteria with these patterns, as JSON texts.</summary>
    /// <exception cref="FormatException">One of them is no filter pattern.</exception>
    public static FilterCriteria Parse(params ReadOnlySpan<string> patterns)
    {
        var filters = ImmutableArray.CreateBuilder<FilterPattern>(patterns.Length);
        foreach (string pattern in patterns)
            filters.Add(FilterPattern.Parse(pattern));
        return new FilterCriteria(filters.ToImmutable());
    }

    /// <inheritdoc/>
    public bool Equals(FilterCriteria? other) => other is not null && Filters.SequenceEqual(other.Filters);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as FilterCriteria);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (FilterPattern filter in Filters)
            hash.Add(filter);
        return hash.ToHashCode();
    }

    /// <summary>The patterns.</summary>
    public override string ToString() => string.Join(" or ", Filters);
}
