namespace LambdaStreamRunner.Host.Producing;

/// <summary>How records are put.</summary>
internal sealed record ProducerOptions
{
    public const int DefaultConnections = 4;

    public const int ConnectionsMax = 64;

    /// <summary>Requests under way at once, 1 to 64.</summary>
    public int Connections { get; init; } = DefaultConnections;

    public KeyOrder Order { get; init; } = KeyOrder.Kept;

    /// <summary>Most bytes of an aggregated record's data; null for records that are not aggregated.</summary>
    public int? AggregateSizeMax { get; init; }
}
