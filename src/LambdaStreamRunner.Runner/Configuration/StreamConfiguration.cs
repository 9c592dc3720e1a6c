using System.Collections.Immutable;
using LambdaStreamRunner.StreamServer;
using LambdaStreamRunner.StreamServer.Faults;

namespace LambdaStreamRunner.Runner.Configuration;

/// <summary>A stream that the file asks for: an embedded one, or with an <see cref="Endpoint"/> one that lives elsewhere. Properties are those of a new embedded stream; limits and faults hold for the run.</summary>
/// <remarks>What is null was not said: a new stream gets AWS's default, and one that is there already may have anything.</remarks>
/// <param name="Name">Short name; the endpoint tells streams apart by it, so it is unique.</param>
/// <param name="Arn">Full ARN, as events and mappings name it.</param>
/// <param name="ShardCount">Shards when the stream is created; an existing stream is never resharded by this. A stream in ON_DEMAND mode has as many as it needs.</param>
public sealed record StreamConfiguration(string Name, string Arn, int ShardCount)
{
    /// <summary>Where the stream lives, when not in this process: <c>aws</c>, or an http or https address. It is read there, and never made, changed or put to.</summary>
    /// <value>null (the default): in this process.</value>
    public string? Endpoint { get; init; }

    /// <summary>True when the stream lives elsewhere.</summary>
    public bool IsRemote => Endpoint is not null;

    /// <summary>Whether clients are throttled as AWS does; null when the stream does not say: as the run does.</summary>
    public bool? HasLimits { get; init; }

    /// <summary>What goes wrong for clients on request.</summary>
    /// <value>null (the default): nothing.</value>
    public StreamFaults? Faults { get; init; }

    /// <summary>Hours that records stay readable.</summary>
    /// <value>24 to 8,760; 24 by default.</value>
    public int? RetentionPeriodHours { get; init; }

    /// <summary>StreamModeDetails: who chooses the number of shards.</summary>
    /// <value>PROVISIONED by default.</value>
    public StreamMode? Mode { get; init; }

    /// <summary>StreamEncryption: the KMS key that records are said to be encrypted with. Nothing is encrypted here.</summary>
    /// <value>A key's id, ARN or alias; none by default.</value>
    public string? KeyId { get; init; }

    /// <summary>DesiredShardLevelMetrics: those that are switched on; <c>ALL</c> stands for all.</summary>
    /// <value>None by default.</value>
    public ImmutableArray<string>? ShardLevelMetrics { get; init; }

    /// <summary>Tags.</summary>
    /// <value>At most 50; none by default.</value>
    public ImmutableSortedDictionary<string, string>? Tags { get; init; }

    /// <summary>Largest record, key and data, in KiB.</summary>
    /// <value>1,024 to 10,240; 1,024 by default.</value>
    public int? MaxRecordSizeInKiB { get; init; }

    /// <summary>Throughput that a stream in ON_DEMAND mode is warmed up for, in MiB/s.</summary>
    /// <value>0 to 10,240; none by default.</value>
    public int? WarmThroughputMiBps { get; init; }

    /// <summary>Why records are not put to a remote stream.</summary>
    internal const string NoInput = "which lives at its Endpoint: run only reads it. Put records there, for instance with lambda-stream put --endpoint URL, or with the aws CLI.";

    /// <summary>Shards of a stream that does not say how many.</summary>
    /// <remarks>What AWS makes of a CreateStream with neither ShardCount nor StreamModeDetails.</remarks>
    public const int ShardCountDefault = 4;

    /// <summary>Largest ShardCount that the Kinesis API has ever taken.</summary>
    public const int ShardCountMax = 100_000;

    /// <summary>The settings of a new stream.</summary>
    /// <param name="limits">Whether it is throttled.</param>
    /// <param name="now">When it is created: encryption begins then.</param>
    internal StreamSettings ToSettings(StreamLimits limits, DateTimeOffset now)
    {
        var defaults = new StreamSettings { Limits = limits };
        return defaults with
        {
            RetentionPeriodHours = RetentionPeriodHours ?? defaults.RetentionPeriodHours,
            Mode = Mode ?? defaults.Mode,
            KeyId = KeyId,
            Encrypted = KeyId is null ? EncryptionPeriods.Never : EncryptionPeriods.Never.Change(isOn: true, now, oldest: now),
            ShardLevelMetrics = WrittenOut(ShardLevelMetrics) ?? defaults.ShardLevelMetrics,
            Tags = Tags?.WithComparers(StringComparer.Ordinal) ?? StreamSettings.NoTags,
            MaxRecordSizeInKiB = MaxRecordSizeInKiB ?? defaults.MaxRecordSizeInKiB,
            WarmThroughputMiBps = WarmThroughputMiBps,
        };
    }

    /// <summary>Properties that Kinesis would not take, by AWS's names: what is wrong, and what is allowed.</summary>
    internal IEnumerable<(string Name, string Text)> Mistakes() => ToSettings(StreamLimits.None, DateTimeOffset.UnixEpoch).Mistakes();

    // A name that is none stays in, to be complained about.
    private static ImmutableArray<string>? WrittenOut(ImmutableArray<string>? metrics) =>
        metrics is { } named ? [.. ShardMetrics.Of(named), .. named.Except([.. ShardMetrics.Names, ShardMetrics.All])] : null;
}
