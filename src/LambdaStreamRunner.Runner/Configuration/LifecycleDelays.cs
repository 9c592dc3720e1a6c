namespace LambdaStreamRunner.Runner.Configuration;

/// <summary>How long streams, consumers and mappings of clients are on their way from one state to the next, on the run's clock.</summary>
/// <remarks>Streams and mappings of the configuration are ACTIVE and Enabled when the run begins, whatever is said here.</remarks>
public sealed record LifecycleDelays
{
    /// <summary>The most that each can be: an hour.</summary>
    public const int SecondsMax = 3600;

    /// <summary>How long a stream that CreateStream makes is CREATING. AWS takes 10 to 60 s.</summary>
    /// <value>0 (the default) to an hour.</value>
    public TimeSpan Creating { get; init; }

    /// <summary>How long a stream is UPDATING: resharded, encrypted, changed in its mode. AWS takes about 30 s.</summary>
    /// <value>0 (the default) to an hour.</value>
    public TimeSpan Updating { get; init; }

    /// <summary>How long a stream is DELETING before it is gone.</summary>
    /// <value>0 (the default) to an hour.</value>
    public TimeSpan Deleting { get; init; }

    /// <summary>How long a consumer that RegisterStreamConsumer makes is CREATING.</summary>
    /// <value>0 (the default) to an hour.</value>
    public TimeSpan ConsumerCreating { get; init; }

    /// <summary>How long a mapping that the Lambda API changes is at least Creating, Enabling, Disabling, Updating or Deleting. AWS takes about a second, and polls a minute later.</summary>
    /// <value>0 (the default) to an hour. While invocations that were in flight end, it takes longer.</value>
    public TimeSpan MappingChanging { get; init; }

    /// <summary>The delays by their names in the file.</summary>
    internal IEnumerable<(string Name, TimeSpan Delay)> Named =>
    [
        ("CreatingInSeconds", Creating), ("UpdatingInSeconds", Updating), ("DeletingInSeconds", Deleting), ("ConsumerCreatingInSeconds", ConsumerCreating),
        ("MappingChangingInSeconds", MappingChanging),
    ];
}
