using System.Collections.Immutable;
using static LambdaStreamRunner.StreamServer.Protocol.MemberType;

namespace LambdaStreamRunner.StreamServer.Protocol;

/// <summary>Members that several actions share (Kinesis reference 2.0).</summary>
internal static class Members
{
    /// <summary>Most bytes of data in the service model; the stream's own limit is lower.</summary>
    public const int DataBytesMax = 10_485_760;

    /// <summary>Most records of one PutRecords.</summary>
    public const int PutRecordsEntriesMax = 500;

    public static Member StreamName { get; } = Name("StreamName");

    public static Member StreamArn { get; } = new("StreamARN", MemberType.String) { LengthMin = 1, LengthMax = 2048, Pattern = Pattern.StreamArn };

    public static Member StreamId { get; } = new("StreamId", MemberType.String) { LengthMin = 1, LengthMax = 24, Pattern = Pattern.StreamId };

    /// <summary>The alternatives by which an action names its stream.</summary>
    public static ImmutableArray<Member> Stream { get; } = [StreamName, StreamArn, StreamId];

    public static Member ShardId { get; } = Name("ShardId");

    public static Member ExclusiveStartShardId { get; } = Name("ExclusiveStartShardId");

    public static Member NextToken { get; } = new("NextToken", MemberType.String) { LengthMin = 1, LengthMax = 1_048_576 };

    public static Member PartitionKey { get; } =
        new("PartitionKey", MemberType.String) { IsRequired = true, LengthMin = 1, LengthMax = EmbeddedStream.PartitionKeyCharactersMax };

    public static Member Data { get; } = new("Data", Blob) { IsRequired = true, LengthMin = 0, LengthMax = DataBytesMax };

    public static Member ExplicitHashKey { get; } = new("ExplicitHashKey", MemberType.String) { Pattern = Pattern.HashKey };

    public static Member StreamModeDetails { get; } = new("StreamModeDetails", MemberType.Structure)
    {
        Members = [new("StreamMode", MemberType.String) { IsRequired = true, Values = ["PROVISIONED", "ON_DEMAND"] }],
    };

    public static Member MaxRecordSize { get; } = new("MaxRecordSizeInKiB", Integer) { ValueMin = StreamSettings.MaxRecordSizeInKiBMin, ValueMax = StreamSettings.MaxRecordSizeInKiBMax };

    public static Member WarmThroughput { get; } = new("WarmThroughputMiBps", Integer) { ValueMin = 0 };

    public static Member DryRun { get; } = new("DryRun", MemberType.Boolean);

    /// <summary>The mode in StreamModeDetails.</summary>
    public static StreamMode ModeOf(Arguments details) => details.Text("StreamMode") == "ON_DEMAND" ? StreamMode.OnDemand : StreamMode.Provisioned;

    public static Member Limit(string name = "Limit") => new(name, Integer) { ValueMin = 1, ValueMax = 10_000 };

    public static Member Name(string name) => new(name, MemberType.String) { LengthMin = 1, LengthMax = 128, Pattern = Pattern.Name };

    public static Member SequenceNumber(string name) => new(name, MemberType.String) { Pattern = Pattern.SequenceNumber };

    public static Member Timestamp(string name) => new(name, MemberType.Timestamp);
}
