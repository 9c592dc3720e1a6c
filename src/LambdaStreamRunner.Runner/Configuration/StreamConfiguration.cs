namespace LambdaStreamRunner.Runner.Configuration;

/// <summary>An embedded stream that the file asks for.</summary>
/// <param name="Name">Short name; the endpoint tells streams apart by it, so it is unique.</param>
/// <param name="Arn">Full ARN, as events and mappings name it.</param>
/// <param name="ShardCount">Shards when the stream is created; an existing stream is never resharded by this.</param>
public sealed record StreamConfiguration(string Name, string Arn, int ShardCount)
{
    /// <summary>Whether clients are throttled as AWS does; null when the stream does not say: as the run does.</summary>
    public bool? HasLimits { get; init; }

    /// <summary>Shards of a stream that does not say how many.</summary>
    /// <remarks>What AWS makes of a CreateStream with neither ShardCount nor StreamModeDetails.</remarks>
    public const int ShardCountDefault = 4;

    /// <summary>Largest ShardCount that the Kinesis API has ever taken.</summary>
    public const int ShardCountMax = 100_000;
}
