using System.Text.RegularExpressions;

namespace LambdaStreamRunner.StreamServer.Protocol;

/// <summary>A regular expression of the service model: its text as AWS prints it, and what we match by.</summary>
internal sealed partial class Pattern
{
    private readonly Regex _regex;

    /// <summary>A pattern.</summary>
    /// <param name="text">As it stands in messages.</param>
    /// <param name="regex">What matches the whole value.</param>
    public Pattern(string text, Regex regex) => (Text, _regex) = (text, regex);

    /// <summary>Names of streams and shards.</summary>
    public static Pattern Name { get; } = new("[a-zA-Z0-9_.-]+", NameRegex());

    /// <summary>ARNs of streams.</summary>
    public static Pattern StreamArn { get; } = new(@"arn:aws.*:kinesis:.*:\d{12}:stream/\S+", StreamArnRegex());

    /// <summary>ARNs of consumers.</summary>
    public static Pattern ConsumerArn { get; } = new(
        @"^(arn):aws.*:kinesis:.*:\d{12}:.*stream\/[a-zA-Z0-9_.-]+\/consumer\/[a-zA-Z0-9_.-]+:[0-9]+", ConsumerArnRegex());

    /// <summary>ARNs of streams and consumers.</summary>
    public static Pattern ResourceArn { get; } = new(@"arn:aws.*:kinesis:.*:\d{12}:.*stream/\S+", ResourceArnRegex());

    /// <summary>Ids of streams; the service does not use them.</summary>
    public static Pattern StreamId { get; } = new("[a-z0-9]{20}-[a-z0-9]{3}", StreamIdRegex());

    /// <summary>Hash keys.</summary>
    public static Pattern HashKey { get; } = new(@"0|([1-9]\d{0,38})", HashKeyRegex());

    /// <summary>Sequence numbers, also those no stream ever gave.</summary>
    public static Pattern SequenceNumber { get; } = new(@"0|([1-9]\d{0,128})", SequenceNumberRegex());

    /// <summary>As it stands in messages.</summary>
    public string Text { get; }

    /// <summary>True when the whole value matches.</summary>
    public bool Matches(string value) => _regex.IsMatch(value);

    [GeneratedRegex(@"\A[a-zA-Z0-9_.-]+\z")]
    private static partial Regex NameRegex();

    [GeneratedRegex(@"\Aarn:aws.*:kinesis:.*:[0-9]{12}:stream/\S+\z")]
    private static partial Regex StreamArnRegex();

    [GeneratedRegex(@"\Aarn:aws.*:kinesis:.*:[0-9]{12}:.*stream/[a-zA-Z0-9_.-]+/consumer/[a-zA-Z0-9_.-]+:[0-9]+\z")]
    private static partial Regex ConsumerArnRegex();

    [GeneratedRegex(@"\Aarn:aws.*:kinesis:.*:[0-9]{12}:.*stream/\S+\z")]
    private static partial Regex ResourceArnRegex();

    [GeneratedRegex(@"\A[a-z0-9]{20}-[a-z0-9]{3}\z")]
    private static partial Regex StreamIdRegex();

    [GeneratedRegex(@"\A(0|([1-9][0-9]{0,38}))\z")]
    private static partial Regex HashKeyRegex();

    [GeneratedRegex(@"\A(0|([1-9][0-9]{0,128}))\z")]
    private static partial Regex SequenceNumberRegex();
}
