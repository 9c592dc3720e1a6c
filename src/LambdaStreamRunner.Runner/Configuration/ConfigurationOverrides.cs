using LambdaStreamRunner.Core.Mappings;

namespace LambdaStreamRunner.Runner.Configuration;

/// <summary>What the command line says besides the file: it beats the file, except a mapping's own <c>Runner</c> section.</summary>
public sealed record ConfigurationOverrides
{
    /// <summary>Nothing was said.</summary>
    public static ConfigurationOverrides None { get; } = new();

    /// <summary>How shards are read by mappings that do not say it themselves.</summary>
    /// <value>null (the default) for <see cref="PollingMode.Eager"/>.</value>
    public PollingMode? Polling { get; init; }
}
