namespace LambdaStreamRunner.StreamServer;

/// <summary>What all streams of a server have in common.</summary>
public sealed record EmbeddedStreamsOptions
{
    /// <summary>Region in ARNs.</summary>
    /// <value>us-east-1 by default.</value>
    public string Region { get; init; } = "us-east-1";

    /// <summary>Account in ARNs and error texts: 12 digits.</summary>
    /// <value>000000000000 by default.</value>
    public string Account { get; init; } = "000000000000";

    /// <summary>Most memory that the records of all streams may take: keys, payloads, and 96 bytes for each record.</summary>
    /// <value>1 GiB by default. Puts beyond it are refused.</value>
    public long BytesMax { get; init; } = 1L << 30;

    /// <summary>How long the records of a stream stay readable.</summary>
    /// <value>24 h by default, as in AWS.</value>
    public TimeSpan Retention { get; init; } = TimeSpan.FromHours(24);

    /// <summary>Throttling of actions, and of the streams that are made by CreateStream.</summary>
    /// <value>None by default.</value>
    public StreamLimits Limits { get; init; }

    /// <summary>How long a new stream is CREATING, on the run clock. AWS takes 10 to 60 s.</summary>
    /// <value>0 by default: ACTIVE at once.</value>
    public TimeSpan CreatingDelay { get; init; }

    /// <summary>How long a stream is UPDATING, for instance while it is resharded. AWS takes about 30 s.</summary>
    /// <value>0 by default.</value>
    public TimeSpan UpdatingDelay { get; init; }

    /// <summary>How long a stream is DELETING before it is gone.</summary>
    /// <value>0 by default.</value>
    public TimeSpan DeletingDelay { get; init; }

    /// <summary>How long a new consumer is CREATING.</summary>
    /// <value>0 by default.</value>
    public TimeSpan ConsumerDelay { get; init; }
}
