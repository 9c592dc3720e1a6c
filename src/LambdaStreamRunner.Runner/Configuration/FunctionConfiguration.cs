using System.Collections.Immutable;

namespace LambdaStreamRunner.Runner.Configuration;

/// <summary>A function that the file asks for. Names and defaults are AWS's.</summary>
/// <remarks>AWS: <see href="https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-function.html"/>.</remarks>
public sealed record FunctionConfiguration
{
    private readonly TimeSpan? _timeout;

    /// <summary>Timeout in seconds unless something else is said.</summary>
    public const int TimeoutSecondsDefault = 3;

    /// <summary>Largest Timeout.</summary>
    public const int TimeoutSecondsMax = 900;

    /// <summary>Smallest MemorySize, and the default.</summary>
    public const int MemorySizeMegabytesMin = 128;

    /// <summary>Largest MemorySize.</summary>
    public const int MemorySizeMegabytesMax = 10_240;

    /// <summary>Name of the function: 1 to 64 letters, digits, hyphens and underscores.</summary>
    public required string Name { get; init; }

    /// <summary>Full ARN, without a qualifier.</summary>
    public required string Arn { get; init; }

    /// <summary>AutoPublishAlias: the one alias of the function; behind it is version 1, which is the same code as $LATEST.</summary>
    /// <value>null (the default): the function has no alias and no version.</value>
    public string? Alias { get; init; }

    /// <summary>Description, for people.</summary>
    public string Description { get; init; } = "";

    /// <summary>Where its invocations run.</summary>
    /// <value>InProcess by default; in a file, Process for what cannot run in this process.</value>
    public FunctionHosting Hosting { get; init; }

    /// <summary>Runtime, as AWS names it: <c>dotnet10</c>, <c>nodejs22.x</c>, <c>python3.13</c>, <c>provided.al2023</c>; in lower case.</summary>
    /// <value>null (the default): .NET.</value>
    public string? Runtime { get; init; }

    /// <summary>Absolute path of a project folder, a built folder, or a DLL; of a folder of JavaScript, Python or a bootstrap. Empty for a remote function.</summary>
    public required string CodeUri { get; init; }

    /// <summary>
    /// The method, as <c>Assembly::Namespace.Type::Method</c>; the assembly alone for an executable; <c>file.method</c> for JavaScript
    /// and Python. Empty for a remote function, and where a bootstrap does not ask for it.
    /// </summary>
    public required string Handler { get; init; }

    /// <summary>Layers: absolute paths of folders whose content a process finds as AWS's /opt, first to last. None by default.</summary>
    public ImmutableArray<string> Layers { get; init; } = [];

    /// <summary>Where a remote function is invoked: AWS itself, or a URL that answers Lambda's Invoke. Null for the others.</summary>
    public ServiceEndpoint? Endpoint { get; init; }

    /// <summary>How long one invocation may take. A remote function has a Timeout where it runs; this one says how long its answer is waited for.</summary>
    /// <value>1 to 900 s in whole seconds; by default 3 s, and 900 s for a remote function.</value>
    public TimeSpan Timeout
    {
        get => _timeout ?? TimeSpan.FromSeconds(Hosting is FunctionHosting.Remote ? TimeoutSecondsMax : TimeoutSecondsDefault);
        init => _timeout = value;
    }

    /// <summary>Memory of an environment: enforced for processes, only told to a function of this process; of a remote function it says what it costs.</summary>
    /// <value>128 to 10,240 MB; 128 MB by default.</value>
    public int MemorySizeMegabytes { get; init; } = MemorySizeMegabytesMin;

    /// <summary>Executions at a time that belong to this function alone: it never has more, and others never have these.</summary>
    /// <value>0 (every invocation is throttled) to the account's ConcurrentExecutions; null (the default): it shares the account's others.</value>
    public int? ReservedConcurrentExecutions { get; init; }

    /// <summary>Environment variables to set before the function is loaded. No two functions of this process give one name different values.</summary>
    public ImmutableSortedDictionary<string, string> EnvironmentVariables { get; init; } =
        ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <summary>LoggingConfig: how its lines are written, and which are kept. Of a remote function the default: it logs where it runs.</summary>
    public FunctionLogging Logging { get; init; } = new();

    /// <summary>The version that a name without a qualifier means.</summary>
    public const string Latest = "$LATEST";

    /// <summary>The version behind the alias.</summary>
    public const string PublishedVersion = "1";

    /// <summary>The version that a qualifier means; null when the function has nothing of that name.</summary>
    /// <remarks>Which versions and aliases a remote function has is known where it runs: whatever is written is asked for there.</remarks>
    public string? VersionOf(string? qualifier) => qualifier switch
    {
        null or Latest => Latest,
        _ when Hosting is FunctionHosting.Remote => qualifier,
        PublishedVersion when Alias is not null => PublishedVersion,
        _ => qualifier == Alias ? PublishedVersion : null,
    };
}
