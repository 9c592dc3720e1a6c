namespace LambdaStreamRunner.StreamServer.Storage;

/// <summary>Where streams are kept, and how safely.</summary>
/// <param name="Folder">The folder; made when absent. One process at a time has it.</param>
public sealed record StorageOptions(string Folder)
{
    /// <summary>What an acknowledged record survives.</summary>
    /// <value>By default the end of the process, kill -9 included.</value>
    public Durability Durability { get; init; }

    /// <summary>Most memory for the newest records of all streams; older ones are read from the disk.</summary>
    /// <value>64 MiB by default: with twice as much, a process that also read old records took more than 500 MB altogether.</value>
    public long HotBytesMax { get; init; } = 64L << 20;
}

/// <summary>What an acknowledged write survives.</summary>
public enum Durability
{
    /// <summary>The end of the process: the operating system has the bytes.</summary>
    ProcessEnd,

    /// <summary>A power cut: the disk has the bytes (<c>--fsync</c>).</summary>
    PowerCut,
}
