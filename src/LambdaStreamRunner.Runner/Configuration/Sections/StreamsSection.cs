using System.Collections.Immutable;
using LambdaStreamRunner.Core.Measures;
using LambdaStreamRunner.Runner.Aws;
using LambdaStreamRunner.Runner.Configuration.Syntax;

namespace LambdaStreamRunner.Runner.Configuration.Sections;

/// <summary>Reads <c>Streams</c>, and finds a stream that another section names.</summary>
internal static class StreamsSection
{
    public static readonly SectionNames Names = new(
        "a stream",
        [
            "ShardCount", "RetentionPeriodHours", "StreamModeDetails", "StreamEncryption", "DesiredShardLevelMetrics", "Tags",
            "MaxRecordSizeInKiB", "WarmThroughputMiBps", "Limits", "Faults", "Endpoint",
        ],
        [
            new("Name", "is the name in front of this object already. Leave it out."),
        ]);

    public static ImmutableArray<StreamConfiguration> Read(JsonValue.Object? at, Reading reading)
    {
        var streams = ImmutableArray.CreateBuilder<StreamConfiguration>();
        foreach ((string name, Section section) in at?.NamedBy(Names, reading.Problems) ?? [])
            streams.Add(Stream(name, section, streams, reading));
        return streams.ToImmutable();
    }

    private static StreamConfiguration Stream(string key, Section section, IEnumerable<StreamConfiguration> others, Reading reading)
    {
        string name = key;
        string arn = StreamArn.Of(key, reading.Region, reading.AccountId);
        if (StreamArn.IsMeant(key))
        {
            name = StreamArn.TryGetName(key, out string? inArn) ? inArn : key;
            arn = key;
        }
        if (!StreamArn.IsName(name))
            reading.Problems.Error(section.At, "is not a stream's name or ARN; use 1 to 128 letters, digits, '_', '.' and '-', or arn:aws:kinesis:REGION:ACCOUNT:stream/NAME.");
        else if (others.FirstOrDefault(other => other.Name == name) is StreamConfiguration twin)
            reading.Problems.Error(section.At, $"has the name of {twin.Arn}: the endpoint tells streams apart by name. Rename one, or remove one.");
        if (section.Find("Endpoint") is not null)
            return Remote(name, arn, isArnWritten: arn == key, section, reading.Problems);

        var stream = new StreamConfiguration(name, arn, section.Integer("ShardCount", StreamConfiguration.ShardCountDefault, 1, StreamConfiguration.ShardCountMax))
        {
            HasLimits = section.Choice("Limits", ("None", false), ("Aws", true)),
            Faults = FaultsSection.Read(section.Object("Faults"), reading),
        };
        return StreamPropertiesSection.Read(section, stream, reading);
    }

    // What a new stream would be made with is refused: this one is read where it is, and never made.
    private static StreamConfiguration Remote(string name, string arn, bool isArnWritten, Section section, Problems problems)
    {
        foreach (string embedded in Names.Accepted.Where(accepted => accepted != "Endpoint"))
        {
            if (section.Find(embedded) is JsonValue at)
                problems.Error(at, "is for embedded streams; a stream with an Endpoint is read there, and never made or changed. Leave it out.");
        }
        JsonValue endpoint = section.Find("Endpoint")!;
        string? written = section.Text("Endpoint");
        if (written is not null && !AwsEndpoint.IsValid(written))
            problems.Error(endpoint, $"is \"{written}\"; write \"aws\", or an address as http://127.0.0.1:4567 (without a user).");
        else if (written is not null && !isArnWritten && AwsEndpoint.Of("kinesis", "us-east-1", written).IsAws)
            problems.Error(endpoint, "is AWS, where the account and region matter: write the stream's full ARN in front of this object, arn:aws:kinesis:REGION:ACCOUNT:stream/NAME.");
        return new StreamConfiguration(name, arn, StreamConfiguration.ShardCountDefault) { Endpoint = written ?? "" };
    }

    /// <summary>The configured stream that a setting names, when records can be put to it; or null after saying what is wrong with it.</summary>
    public static StreamConfiguration? ResolveEmbedded(JsonValue at, string written, ImmutableArray<StreamConfiguration> streams, Reading reading)
    {
        StreamConfiguration? stream = Resolve(at, written, streams, reading);
        if (stream is not { IsRemote: true })
            return stream;
        reading.Problems.Error(at, $"is \"{written}\", {StreamConfiguration.NoInput}");
        return null;
    }

    /// <summary>The configured stream that a setting names, or null after saying what is wrong with it.</summary>
    public static StreamConfiguration? Resolve(JsonValue at, string written, ImmutableArray<StreamConfiguration> streams, Reading reading)
    {
        StreamConfiguration? stream = streams.FirstOrDefault(stream => stream.Arn == written || stream.Name == written);
        if (stream is null)
            reading.Problems.Error(at, Complaint(written, streams));
        return stream;
    }

    /// <summary>The source of a mapping: a configured stream, and what the mapping names it by, which may be a consumer of it.</summary>
    public static (StreamConfiguration Stream, string Arn)? ResolveSource(JsonValue at, string written, ImmutableArray<StreamConfiguration> streams, Reading reading)
    {
        bool isConsumer = StreamArn.TryGetConsumer(written, out string? streamArn, out _, out _);
        if (Resolve(at, isConsumer ? streamArn! : written, streams, reading) is not { } stream)
            return null;
        return (stream, isConsumer ? written : stream.Arn);
    }

    private static string Complaint(string written, ImmutableArray<StreamConfiguration> streams)
    {
        if (StreamArn.IsConsumerMeant(written))
            return $"is \"{written}\", which is no consumer's ARN. Write arn:aws:kinesis:REGION:ACCOUNT:stream/NAME/consumer/CONSUMER:CREATED, with the second in which it was registered.";
        if (StreamArn.IsMeant(written) && !StreamArn.TryGetName(written, out _))
            return $"is \"{written}\", an unrecognized event source: only Kinesis streams are read. Write a stream's name, or arn:aws:kinesis:REGION:ACCOUNT:stream/NAME.";
        if (StreamArn.TryGetName(written, out string? name) && streams.FirstOrDefault(stream => stream.Name == name) is StreamConfiguration namesake)
            return $"is \"{written}\", but the configured stream '{name}' is {namesake.Arn}. Write \"{name}\", use the full ARN under Streams too, or set Region and AccountId.";
        return $"is \"{written}\", which is not under Streams.{NearestName.Suggest(written, [.. streams.Select(stream => stream.Name)])} Add \"{written}\": {{ \"ShardCount\": 1 }} to Streams.";
    }
}
