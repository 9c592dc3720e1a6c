using System.Collections.Immutable;
using LambdaStreamRunner.Runner.Configuration.Syntax;
using LambdaStreamRunner.StreamServer;

namespace LambdaStreamRunner.Runner.Configuration.Sections;

/// <summary>Reads the properties that CloudFormation's AWS::Kinesis::Stream has, by its names.</summary>
/// <remarks><see href="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-kinesis-stream.html"/></remarks>
internal static class StreamPropertiesSection
{
    public static readonly SectionNames ModeNames = new("StreamModeDetails", ["StreamMode"], []);

    public static readonly SectionNames EncryptionNames = new("StreamEncryption", ["EncryptionType", "KeyId"], []);

    public static readonly SectionNames TagNames = new("a tag", ["Key", "Value"], []);

    /// <summary>The stream with what the section says; mistakes are noted.</summary>
    public static StreamConfiguration Read(Section section, StreamConfiguration stream, Reading reading)
    {
        stream = stream with
        {
            RetentionPeriodHours = Number(section, "RetentionPeriodHours"),
            Mode = Mode(section, reading.Problems),
            KeyId = KeyId(section, reading.Problems),
            ShardLevelMetrics = Metrics(section, reading.Problems),
            Tags = Tags(section, reading.Problems),
            MaxRecordSizeInKiB = Number(section, "MaxRecordSizeInKiB"),
            WarmThroughputMiBps = Number(section, "WarmThroughputMiBps"),
        };
        if (stream.Mode is StreamMode.OnDemand && section.Find("ShardCount") is JsonValue count)
            reading.Problems.Error(count, "is for streams in PROVISIONED mode; in ON_DEMAND mode Kinesis chooses. Leave it out.");
        foreach ((string name, string text) in stream.Mistakes())
            reading.Problems.Error(section.Find(name) ?? section.At, text);
        return stream;
    }

    // What does not fit an int is out of every range.
    private static int? Number(Section section, string name) =>
        section.WholeNumber(name) is long number ? (int)Math.Clamp(number, int.MinValue, int.MaxValue) : null;

    private static StreamMode? Mode(Section section, Problems problems) => section.Object("StreamModeDetails") is JsonValue.Object at
        ? new Section(at, ModeNames, problems).Choice("StreamMode", ("PROVISIONED", StreamMode.Provisioned), ("ON_DEMAND", StreamMode.OnDemand))
        : null;

    private static string? KeyId(Section section, Problems problems)
    {
        if (section.Object("StreamEncryption") is not JsonValue.Object at)
            return null;
        var encryption = new Section(at, EncryptionNames, problems);
        if (encryption.RequiredText("EncryptionType", "write KMS, or leave StreamEncryption out.") is not null)
            encryption.Choice("EncryptionType", ("KMS", true));
        return encryption.RequiredText("KeyId", "name a key, for instance alias/aws/kinesis. Nothing is encrypted here.");
    }

    private static ImmutableArray<string>? Metrics(Section section, Problems problems) => section.List("DesiredShardLevelMetrics") is JsonValue.Array list
        ? [.. list.Items.Select(item => TextOf(item, problems))]
        : null;

    private static ImmutableSortedDictionary<string, string>? Tags(Section section, Problems problems)
    {
        if (section.List("Tags") is not JsonValue.Array list)
            return null;
        ImmutableSortedDictionary<string, string> tags = StreamSettings.NoTags;
        foreach (Section tag in list.Sections(TagNames, problems))
        {
            string? key = tag.RequiredText("Key", "write a text in quotes.");
            string? value = tag.Text("Value");
            if (tag.Find("Value") is null)
                tag.Missing("Value", "write a text in quotes; it may be empty.");
            if (key is not null && tags.ContainsKey(key))
                problems.Error(tag.Find("Key")!, $"is \"{key}\" a second time. Remove one.");
            else if (key is not null && value is not null)
                tags = tags.Add(key, value);
        }
        return tags;
    }

    private static string TextOf(JsonValue item, Problems problems)
    {
        if (item is JsonValue.Text text)
            return text.Value;
        problems.Error(item, $"is {item.Quoted}; write a text in quotes.");
        return ShardMetrics.All;
    }
}
