using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Runner.Configuration;
using LambdaStreamRunner.Runner.Configuration.Sections;
using LambdaStreamRunner.StreamServer;

namespace LambdaStreamRunner.Runner.Mappings;

/// <summary>Finds what a mapping names: functions of the configuration, and streams of the configuration or of clients.</summary>
internal sealed class MappingLookup(RunnerConfiguration configuration, EmbeddedStreams streams)
{
    /// <summary>The configuration.</summary>
    public RunnerConfiguration Configuration { get; } = configuration;

    /// <summary>The function, with the qualifier as it is written; null when there is none, or no such version.</summary>
    /// <param name="written">A name or an ARN, with a qualifier or not.</param>
    public (FunctionConfiguration Function, string? Qualifier)? FindFunction(string written)
    {
        if (!FunctionArn.TryParse(written, out FunctionArn? arn))
            return null;
        FunctionConfiguration? function = Configuration.Functions.FirstOrDefault(function => function.Name == arn.Name);
        bool isMeant = function is not null && IsOf(arn.Region, Configuration.Region) && IsOf(arn.AccountId, Configuration.AccountId);
        return isMeant && function!.VersionOf(arn.Qualifier) is not null ? (function, arn.Qualifier) : null;
    }

    /// <summary>The stream with this ARN; null when there is none.</summary>
    public StreamConfiguration? FindStream(string arn)
    {
        if (Configuration.Streams.FirstOrDefault(stream => stream.Arn == arn) is { } configured)
            return configured;
        return StreamArn.TryGetName(arn, out _) && streams.TryGet(arn, out EmbeddedStream? stream) && stream.Arn == arn
            ? new StreamConfiguration(stream.Name, arn, stream.Records.OpenShardCount)
            : null;
    }

    /// <summary>The stream that a mapping reads, itself or as one of its consumers; null when there is no such stream, or no such consumer that is ACTIVE.</summary>
    /// <param name="arn">EventSourceArn.</param>
    public StreamConfiguration? FindSource(string arn)
    {
        if (!StreamArn.TryGetConsumer(arn, out string? streamArn, out _, out _))
            return FindStream(arn);
        if (FindStream(streamArn) is { IsRemote: true } remote)
            return remote;                                    // whether the consumer is there, its endpoint says
        bool isThere = streams.TryGet(streamArn, out EmbeddedStream? stream) && stream.HasActiveConsumer(arn);
        return isThere ? FindStream(streamArn) : null;
    }

    /// <summary>How a mapping reads that says nothing of it: consumers are pushed to.</summary>
    public PollingMode PollingOf(string arn) => StreamArn.TryGetConsumer(arn, out _, out _, out _) ? PollingMode.Push : Configuration.Polling;

    /// <summary>What is left of a function that the configuration had once: mappings go on naming it (S-14).</summary>
    public static (FunctionConfiguration Function, string? Qualifier) GoneFunction(string functionArn)
    {
        if (!FunctionArn.TryParse(functionArn, out FunctionArn? arn))
            throw new ArgumentException($"'{functionArn}' is no function's ARN.", nameof(functionArn));
        string bare = arn.Qualifier is null ? functionArn : functionArn[..^(arn.Qualifier.Length + 1)];
        return (new FunctionConfiguration { Name = arn.Name, Arn = bare, CodeUri = "", Handler = "" }, arn.Qualifier);
    }

    /// <summary>What is left of a stream that was deleted.</summary>
    public static StreamConfiguration GoneSource(string arn)
    {
        string stream = StreamArn.TryGetConsumer(arn, out string? streamArn, out _, out _) ? streamArn : arn;
        return new StreamConfiguration(stream[(stream.IndexOf('/', StringComparison.Ordinal) + 1)..], stream, StreamConfiguration.ShardCountDefault);
    }

    private static bool IsOf(string? written, string configured) => written is null || written == configured;
}
