using System.Diagnostics.CodeAnalysis;

namespace LambdaStreamRunner.Runner.Input;

/// <summary>The partition key of a line, or the reason why it has none.</summary>
public readonly record struct PartitionKey
{
    /// <summary>Longest key that Kinesis takes, in characters (UTF-16 units, as AWS counts).</summary>
    public const int LengthMax = 256;

    private PartitionKey(string? value, string? reason) => (Value, Reason) = (value, reason);

    /// <summary>The key: 1 to 256 characters. Null when there is none.</summary>
    public string? Value { get; }

    /// <summary>Why there is no key, for people: the rest of a sentence that begins with the line. Null when there is one.</summary>
    public string? Reason { get; }

    /// <summary>True when there is a key.</summary>
    [MemberNotNullWhen(true, nameof(Value))]
    [MemberNotNullWhen(false, nameof(Reason))]
    public bool IsFound => Value is not null;

    /// <summary>No key.</summary>
    /// <param name="reason">Why, as "has nothing at $.user.id".</param>
    public static PartitionKey None(string reason) => new(null, reason);

    /// <summary>This key, or none when Kinesis would not take it.</summary>
    public static PartitionKey Of(string key) => key.Length switch
    {
        0 => None("has an empty partition key"),
        > LengthMax => None($"has a partition key of {key.Length} characters, and Kinesis takes {LengthMax}"),
        _ => new PartitionKey(key, null),
    };
}
