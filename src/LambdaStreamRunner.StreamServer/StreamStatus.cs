namespace LambdaStreamRunner.StreamServer;

/// <summary>Kinesis' StreamStatus. Transitions take no time unless the options give them some.</summary>
public enum StreamStatus
{
    /// <summary>CREATING: not usable yet.</summary>
    Creating,

    /// <summary>ACTIVE.</summary>
    Active,

    /// <summary>UPDATING: being resharded; reads and writes go on.</summary>
    Updating,

    /// <summary>DELETING, or gone.</summary>
    Deleting,
}
