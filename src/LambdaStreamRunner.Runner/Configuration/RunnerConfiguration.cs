using System.Collections.Immutable;
using LambdaStreamRunner.Core.Mappings;

namespace LambdaStreamRunner.Runner.Configuration;

/// <summary>A configuration file that is known to be right: names are resolved, ranges hold, paths are absolute.</summary>
public sealed record RunnerConfiguration
{
    /// <summary>Region of ARNs that are not written out.</summary>
    /// <value><c>us-east-1</c> by default.</value>
    public string Region { get; init; } = "us-east-1";

    /// <summary>Account of ARNs that are not written out.</summary>
    /// <value>Twelve digits; <c>000000000000</c> by default.</value>
    public string AccountId { get; init; } = "000000000000";

    /// <summary>Absolute path of the folder that keeps streams and checkpoints.</summary>
    /// <value>null (the default): they live in memory.</value>
    public string? DataDirectory { get; init; }

    /// <summary>Most memory, in MiB, for the records of all streams; puts beyond it are refused. With a data folder, it bounds what waits for the disk.</summary>
    /// <value>1 to 1,048,576; 1,024 by default.</value>
    public int MemoryLimitMiB { get; init; } = MemoryLimitMiBDefault;

    /// <summary>Whether clients of all streams that do not say otherwise are throttled as AWS does.</summary>
    public bool HasLimits { get; init; }

    /// <summary>How long streams and consumers take from one state to the next.</summary>
    /// <value>No time by default.</value>
    public LifecycleDelays LifecycleDelays { get; init; } = new();

    /// <summary>How shards are read by mappings that do not say it themselves, those made over the Lambda API among them.</summary>
    /// <value><see cref="PollingMode.Eager"/> by default.</value>
    public PollingMode Polling { get; init; } = PollingMode.Eager;

    /// <summary>Services outside of this process that destinations may use.</summary>
    /// <value>None by default: nothing is contacted.</value>
    public ServiceEndpoints Endpoints { get; init; } = new();

    /// <summary>Executions of all functions at a time: the account's concurrency.</summary>
    /// <value>1 to 1,000,000; 1,000 by default, as in a new account.</value>
    public int ConcurrentExecutions { get; init; } = ConcurrentExecutionsDefault;

    /// <summary>The default of <see cref="ConcurrentExecutions"/>.</summary>
    public const int ConcurrentExecutionsDefault = 1_000;

    /// <summary>The most that <see cref="ConcurrentExecutions"/> can be.</summary>
    public const int ConcurrentExecutionsMax = 1_000_000;

    /// <summary>The default of <see cref="MemoryLimitMiB"/>.</summary>
    public const int MemoryLimitMiBDefault = 1024;

    /// <summary>The most that <see cref="MemoryLimitMiB"/> can be: 1 TiB.</summary>
    public const int MemoryLimitMiBMax = 1024 * 1024;

    /// <summary>The streams, in the order of the file. They are created when absent.</summary>
    public ImmutableArray<StreamConfiguration> Streams { get; init; } = [];

    /// <summary>The functions, in the order of the file.</summary>
    public ImmutableArray<FunctionConfiguration> Functions { get; init; } = [];

    /// <summary>The mappings, in the order of the file, the disabled ones included.</summary>
    public ImmutableArray<MappingConfiguration> Mappings { get; init; } = [];

    /// <summary>Files that <c>run</c> puts when it has started.</summary>
    public ImmutableArray<InputConfiguration> Input { get; init; } = [];
}
