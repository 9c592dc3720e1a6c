using System.Collections.Immutable;

namespace LambdaStreamRunner.StreamServer.Protocol;

/// <summary>One member of a request: its type, and what AWS's validation asks of it.</summary>
internal sealed record Member(string Name, MemberType Type)
{
    /// <summary>Null is refused.</summary>
    public bool IsRequired { get; init; }

    /// <summary>Least characters, bytes, elements.</summary>
    public int? LengthMin { get; init; }

    /// <summary>Most characters, bytes, elements.</summary>
    public int? LengthMax { get; init; }

    /// <summary>What the whole text must match.</summary>
    public Pattern? Pattern { get; init; }

    /// <summary>The values an enumeration takes, in AWS's order.</summary>
    public ImmutableArray<string> Values { get; init; } = [];

    /// <summary>Lowest number.</summary>
    public int? ValueMin { get; init; }

    /// <summary>Highest number.</summary>
    public int? ValueMax { get; init; }

    /// <summary>What the keys of a map are.</summary>
    public Member? Key { get; init; }

    /// <summary>What a list holds, or a map as its values.</summary>
    public Member? Element { get; init; }

    /// <summary>What a structure holds.</summary>
    public ImmutableArray<Member> Members { get; init; } = [];

    /// <summary>As validation names it: <c>streamName</c>.</summary>
    public string CamelName { get; } = char.ToLowerInvariant(Name[0]) + Name[1..];
}

/// <summary>Types of the service model.</summary>
internal enum MemberType
{
    String,
    Integer,
    Boolean,
    Blob,
    Timestamp,
    List,
    Map,
    Structure,
}
