using System.Collections.Immutable;
using System.Text.Json;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Core.Mappings.Windows;
using LambdaStreamRunner.Runner.Hosting;
using LambdaStreamRunner.Runner.Mappings;
using LambdaStreamRunner.Runner.Telemetry;
using LambdaStreamRunner.StreamServer;

namespace LambdaStreamRunner.Runner.RunnerApi;

/// <summary>Where a run stands: what <c>GET /_runner/state</c> answers.</summary>
/// <param name="Now">The time of the run clock.</param>
/// <param name="IsDrained">True when every record on the streams of enabled mappings is settled.</param>
/// <param name="Streams">The embedded streams.</param>
/// <param name="Mappings">The mappings, the disabled ones included.</param>
/// <param name="Functions">The functions that run in processes.</param>
internal sealed record RunState(
    DateTimeOffset Now, bool IsDrained, ImmutableArray<RunState.Stream> Streams, ImmutableArray<RunState.Mapping> Mappings, ImmutableArray<RunState.Function> Functions)
{
    public static async Task<RunState> OfAsync(StreamRunner runner, CancellationToken cancellation)
    {
        var shards = await runner.GetStatusAsync(cancellation);
        return new RunState(
            runner.Clock.GetUtcNow(),
            runner.IsDrained,
            [.. runner.Streams.All.Select(Stream.Of)],
            [.. runner.Lambda.Mappings.All.Select(mapping => Mapping.Of(mapping, shards.GetValueOrDefault(mapping.Name)))],
            [.. runner.Environments.Select(function => new Function(function.Name, function.Environments, function))]);
    }

    /// <summary>An embedded stream.</summary>
    internal sealed record Stream(string Name, string Arn, string Status, int OpenShards, int Shards)
    {
        public static Stream Of(EmbeddedStream stream) => new(
            stream.Name, stream.Arn, stream.Status.ToString().ToUpperInvariant(), stream.Records.OpenShardCount, stream.ListShards().Length);
    }

    /// <summary>A function that runs in processes: its environments of now, and their counts as in the summary of the run.</summary>
    internal sealed record Function(string Name, int Environments, EnvironmentSummary Counts);

    /// <summary>A mapping: what the Lambda API says of it, its counts as in the summary of the run, and its shards.</summary>
    internal sealed record Mapping(
        string Uuid, string Name, string State, string EventSourceArn, string FunctionArn, string LastProcessingResult, MappingSummary Counts, ImmutableArray<Shard> Shards)
    {
        public static Mapping Of(LiveMapping mapping, ImmutableDictionary<string, ShardStatus>? shards)
        {
            MappingModel model = mapping.Model;
            return new Mapping(
                mapping.Uuid.ToString(), mapping.Name, model.State.ToString(), model.Configuration.SourceArn, model.Configuration.FunctionArn,
                mapping.LastProcessingResult, mapping.Summarize(),
                [.. (shards ?? []).OrderBy(shard => shard.Key, StringComparer.Ordinal).Select(shard => Shard.Of(shard.Key, shard.Value))]);
        }
    }

    /// <summary>A shard that a mapping reads: its positions and lanes.</summary>
    internal sealed record Shard(string ShardId, string? LastRead, string? LowestUnsettled, int HeldRecords, Window? Window, ImmutableArray<Lane> Lanes)
    {
        public static Shard Of(string shardId, ShardStatus status) => new(
            shardId, status.LastRead?.ToString(), status.LowestUnsettled?.ToString(), status.HeldRecords,
            status.Window is { } open ? Window.Of(open) : null,
            [.. status.Lanes.Select(Lane.Of)]);
    }

    /// <summary>The open tumbling window of a shard.</summary>
    internal sealed record Window(DateTimeOffset Start, DateTimeOffset End, JsonElement State)
    {
        /// <summary>How deep a state may be nested: as deep as a function's answer may be.</summary>
        public const int StateDepthMax = 1_000;

        public static Window Of(TumblingWindow open)
        {
            using var state = JsonDocument.Parse(open.State, new JsonDocumentOptions { MaxDepth = StateDepthMax });
            return new Window(open.Start, open.End, state.RootElement.Clone());
        }
    }

    /// <summary>A lane that has work, and the record that it has come to.</summary>
    internal sealed record Lane(int Number, string State, string? SequenceNumber, string? PartitionKey, int FailedAttempts, DateTimeOffset? NextAttempt)
    {
        public static Lane Of(LaneStatus lane) => new(
            lane.Lane, lane.State.ToString(), lane.FirstRecord?.SequenceNumber.ToString(), lane.FirstRecord?.PartitionKey, lane.Attempts, lane.NextAttempt);
    }
}
