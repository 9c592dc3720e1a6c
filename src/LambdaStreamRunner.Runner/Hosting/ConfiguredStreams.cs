using LambdaStreamRunner.Core.Streams;
using LambdaStreamRunner.Runner.Configuration;
using LambdaStreamRunner.Runner.Configuration.Sections;
using LambdaStreamRunner.Runner.Telemetry;
using LambdaStreamRunner.StreamServer;
using LambdaStreamRunner.StreamServer.Faults;
using LambdaStreamRunner.StreamServer.Storage;
using Microsoft.Extensions.Logging;

namespace LambdaStreamRunner.Runner.Hosting;

/// <summary>Brings the streams of the configuration into being. A stream that is there already stays as it is, but for limits and faults, which are the run's.</summary>
internal sealed class ConfiguredStreams(EmbeddedStreams streams, RunnerConfiguration configuration, ILogger logger)
{
    /// <summary>Opens the streams of this process: those that are kept in a folder are there.</summary>
    /// <param name="configuration">Region, account, limits and delays.</param>
    /// <param name="clock">The run clock.</param>
    /// <param name="time">Real time.</param>
    /// <param name="store">Where they are kept; null: in memory.</param>
    public static EmbeddedStreams Open(RunnerConfiguration configuration, TimeProvider clock, TimeProvider time, StreamStore? store)
    {
        var options = new EmbeddedStreamsOptions
        {
            Region = configuration.Region,
            Account = configuration.AccountId,
            BytesMax = (long)configuration.MemoryLimitMiB << 20,
            Limits = configuration.HasLimits ? StreamLimits.Aws : StreamLimits.None,
            CreatingDelay = configuration.LifecycleDelays.Creating,
            UpdatingDelay = configuration.LifecycleDelays.Updating,
            DeletingDelay = configuration.LifecycleDelays.Deleting,
            ConsumerDelay = configuration.LifecycleDelays.ConsumerCreating,
        };
        return new EmbeddedStreams(options, clock, time, store);
    }

    public void EnsureThere()
    {
        var absent = new List<NewStream>();
        StreamConfiguration[] embedded = [.. configuration.Streams.Where(stream => !stream.IsRemote)];
        foreach (StreamConfiguration wanted in embedded)
        {
            if (streams.TryGet(wanted.Name, out EmbeddedStream? stream) && stream.Status is StreamStatus.Deleting)
                streams.Delete(wanted.Name, deletingDelay: TimeSpan.Zero);  // the last run did not see the end of it; this one wants a new one
            if (streams.TryGet(wanted.Name, out stream))
                Continue(stream, wanted);
            else
                absent.Add(NewStreamFor(wanted));
        }
        streams.Create(absent);
        foreach (StreamConfiguration wanted in embedded)
            Rehearse(streams.Get(wanted.Name), wanted.Faults);
        foreach (MappingConfiguration mapping in configuration.Mappings.Where(mapping => !mapping.Stream.IsRemote))
            RegisterConsumer(mapping);
    }

    // A mapping may name the consumer that it has in production: its ARN says when that was registered.
    private void RegisterConsumer(MappingConfiguration mapping)
    {
        if (StreamArn.TryGetConsumer(mapping.SourceArn, out _, out string? consumer, out DateTimeOffset created))
            streams.Get(mapping.Stream.Name).EnsureConsumer(consumer, created);
    }

    private NewStream NewStreamFor(StreamConfiguration wanted)
    {
        StreamSettings settings = SettingsOf(wanted);
        int shards = settings.Mode is StreamMode.OnDemand ? OnDemandScaling.ShardsFor(settings.WarmThroughputMiBps) : wanted.ShardCount;
        return new NewStream(wanted.Name, shards, settings, wanted.Arn, CreatingDelay: TimeSpan.Zero);
    }

    private void Continue(EmbeddedStream stream, StreamConfiguration wanted)
    {
        StreamSettings settings = SettingsOf(wanted);
        if (stream.Settings.Limits != settings.Limits)
            stream.Limit(settings.Limits);
        SayWhatIsKept(stream, wanted, settings);
    }

    private StreamSettings SettingsOf(StreamConfiguration wanted) =>
        wanted.ToSettings(wanted.HasLimits ?? configuration.HasLimits ? StreamLimits.Aws : StreamLimits.None, streams.Time.GetUtcNow());

    private void SayWhatIsKept(EmbeddedStream stream, StreamConfiguration wanted, StreamSettings settings)
    {
        StreamSettings kept = stream.Settings;
        if (kept.Mode is StreamMode.Provisioned && settings.Mode is StreamMode.Provisioned && stream.Records.OpenShardCount != wanted.ShardCount)
            logger.ShardCountKept(stream.Name, stream.Records.OpenShardCount, wanted.ShardCount);
        if (stream.Arn != wanted.Arn)
            Kept("ARN", stream.Arn, wanted.Arn, "A new stream, under another name or after DeleteStream,");
        if (wanted.RetentionPeriodHours is not null && kept.RetentionPeriodHours != settings.RetentionPeriodHours)
            Kept("RetentionPeriodHours", kept.RetentionPeriodHours, settings.RetentionPeriodHours, "IncreaseStreamRetentionPeriod or DecreaseStreamRetentionPeriod");
        if (wanted.Mode is not null && kept.Mode != settings.Mode)
            Kept("StreamMode", Word(kept.Mode), Word(settings.Mode), "UpdateStreamMode");
        if (wanted.KeyId is not null && kept.KeyId != settings.KeyId)
            Kept("KeyId", kept.KeyId ?? "none", settings.KeyId!, "StartStreamEncryption");
        if (wanted.ShardLevelMetrics is not null && !kept.ShardLevelMetrics.SequenceEqual(settings.ShardLevelMetrics))
            Kept("DesiredShardLevelMetrics", List(kept.ShardLevelMetrics), List(settings.ShardLevelMetrics), "EnableEnhancedMonitoring or DisableEnhancedMonitoring");
        if (wanted.Tags is not null && !kept.Tags.SequenceEqual(settings.Tags))
            Kept("Tags", List(kept.Tags.Select(Pair)), List(settings.Tags.Select(Pair)), "TagResource or UntagResource");
        if (wanted.MaxRecordSizeInKiB is not null && kept.MaxRecordSizeInKiB != settings.MaxRecordSizeInKiB)
            Kept("MaxRecordSizeInKiB", kept.MaxRecordSizeInKiB, settings.MaxRecordSizeInKiB, "UpdateMaxRecordSize");
        if (wanted.WarmThroughputMiBps is not null && kept.WarmThroughputMiBps != settings.WarmThroughputMiBps)
            Kept("WarmThroughputMiBps", kept.WarmThroughputMiBps?.ToString() ?? "none", settings.WarmThroughputMiBps!, "UpdateStreamWarmThroughput");

        void Kept(string name, object has, object asked, string action) => logger.StreamSettingKept(stream.Name, name, $"{has}", $"{asked}", action);
    }

    private void Rehearse(EmbeddedStream stream, StreamFaults? faults)
    {
        stream.Rehearse(faults);
        if (stream.Faults is { } rehearsed)
            logger.FaultsRehearsed(stream.Name, rehearsed.Settings.ToString(), rehearsed.Seed);
    }

    private static string Word(StreamMode mode) => mode is StreamMode.OnDemand ? "ON_DEMAND" : "PROVISIONED";

    private static string Pair(KeyValuePair<string, string> tag) => $"{tag.Key}={tag.Value}";

    private static string List(IEnumerable<string> names) => $"[{string.Join(", ", names)}]";
}
