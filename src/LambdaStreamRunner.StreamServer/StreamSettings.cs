using System.Collections.Immutable;
using LambdaStreamRunner.Core.Streams;
using LambdaStreamRunner.StreamServer.Actions;

namespace LambdaStreamRunner.StreamServer;

/// <summary>What the control plane can change about a stream beside its shards. A change makes a new one.</summary>
public sealed record StreamSettings
{
    /// <summary>The least that <see cref="MaxRecordSizeInKiB"/> can be: its default.</summary>
    public const int MaxRecordSizeInKiBMin = 1024;

    /// <summary>The most that <see cref="MaxRecordSizeInKiB"/> can be.</summary>
    public const int MaxRecordSizeInKiBMax = 10_240;

    /// <summary>Hours that records stay readable: 24 (the default) to 8,760.</summary>
    public int RetentionPeriodHours { get; init; } = 24;

    /// <summary>Records that arrived at this time (milliseconds since the epoch) or before were past a shorter retention; a longer one does not bring them back.</summary>
    public long ForgottenThrough { get; init; } = long.MinValue;

    /// <summary>StreamModeDetails.</summary>
    public StreamMode Mode { get; init; }

    /// <summary>The KMS key that records are said to be encrypted with; null when they are not. Nothing is encrypted here.</summary>
    public string? KeyId { get; init; }

    /// <summary>When records were, and are, encrypted.</summary>
    public EncryptionPeriods Encrypted { get; init; } = EncryptionPeriods.Never;

    /// <summary>Shard-level metrics that are on, in AWS's order; <c>ALL</c> is written out.</summary>
    public ImmutableArray<string> ShardLevelMetrics { get; init; } = [];

    /// <summary>Tags, sorted by key as AWS lists them.</summary>
    public ImmutableSortedDictionary<string, string> Tags { get; init; } = NoTags;

    /// <summary>Largest record, key and data, in KiB: 1,024 (the default) to 10,240.</summary>
    public int MaxRecordSizeInKiB { get; init; } = MaxRecordSizeInKiBMin;

    /// <summary>Warm throughput of an ON_DEMAND stream in MiB per second; null when none was asked for.</summary>
    public int? WarmThroughputMiBps { get; init; }

    /// <summary>Whether puts and reads are throttled.</summary>
    public StreamLimits Limits { get; init; }

    /// <summary>The resource policy, as it was put; null when there is none.</summary>
    public string? Policy { get; init; }

    /// <summary>Consumers with enhanced fan-out, in order of registration.</summary>
    public ImmutableArray<StreamConsumer> Consumers { get; init; } = [];

    /// <summary>Settings that Kinesis would not take, by AWS's names: what is wrong, and what is allowed.</summary>
    public IEnumerable<(string Name, string Text)> Mistakes()
    {
        if (RetentionPeriodHours is < RetentionPeriod.HoursMin or > RetentionPeriod.HoursMax)
            yield return (nameof(RetentionPeriodHours), $"is {RetentionPeriodHours}; AWS takes {RetentionPeriod.HoursMin} to {RetentionPeriod.HoursMax}.");
        if (MaxRecordSizeInKiB is < MaxRecordSizeInKiBMin or > MaxRecordSizeInKiBMax)
            yield return (nameof(MaxRecordSizeInKiB), $"is {MaxRecordSizeInKiB}; AWS takes {MaxRecordSizeInKiBMin} to {MaxRecordSizeInKiBMax}.");
        if (WarmThroughputMiBps is < 0 or > OnDemandScaling.WarmThroughputMiBpsMax)
            yield return (nameof(WarmThroughputMiBps), $"is {WarmThroughputMiBps}; AWS takes 0 to {OnDemandScaling.WarmThroughputMiBpsMax}.");
        if (WarmThroughputMiBps is not null && Mode is not StreamMode.OnDemand)
            yield return (nameof(WarmThroughputMiBps), "belongs to streams in ON_DEMAND mode. Leave it out, or write \"StreamModeDetails\": { \"StreamMode\": \"ON_DEMAND\" }.");
        if (KeyId is { Length: 0 or > 2048 })
            yield return ("StreamEncryption", "has a KeyId that AWS would not take; it has 1 to 2048 characters, for instance alias/aws/kinesis.");
        if (Tagging.Complaint(Tags) is { } complaint)
            yield return (nameof(Tags), complaint);
        if (ShardLevelMetrics.FirstOrDefault(metric => !ShardMetrics.Names.Contains(metric)) is { } unknown)
            yield return ("DesiredShardLevelMetrics", $"has '{unknown}'; it can have {string.Join(", ", ShardMetrics.Names)}, or {ShardMetrics.All}.");
    }

    /// <summary>No tags, in the order that tags are listed in.</summary>
    public static ImmutableSortedDictionary<string, string> NoTags { get; } = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);
}

/// <summary>StreamMode: who chooses the number of shards.</summary>
public enum StreamMode
{
    /// <summary>PROVISIONED: the owner.</summary>
    Provisioned,

    /// <summary>ON_DEMAND: Kinesis, by the load.</summary>
    OnDemand,
}

/// <summary>A consumer with enhanced fan-out: somebody who has a throughput of its own.</summary>
/// <param name="Name">Its name on the stream.</param>
/// <param name="Created">When it was registered; the second is part of the ARN.</param>
public sealed record StreamConsumer(string Name, DateTimeOffset Created)
{
    /// <summary>When CREATING becomes ACTIVE.</summary>
    public DateTimeOffset ActiveFrom { get; init; } = Created;

    /// <summary>Tags, sorted by key.</summary>
    public ImmutableSortedDictionary<string, string> Tags { get; init; } = StreamSettings.NoTags;

    /// <summary>The resource policy, as it was put; null when there is none.</summary>
    public string? Policy { get; init; }

    /// <summary>The ARN on a stream; a consumer that is registered again gets another one.</summary>
    public string ArnOn(EmbeddedStream stream) =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{stream.Arn}/consumer/{Name}:{Created.ToUnixTimeSeconds()}");
}
