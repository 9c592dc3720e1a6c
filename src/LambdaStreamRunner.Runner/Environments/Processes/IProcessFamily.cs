namespace LambdaStreamRunner.Runner.Environments.Processes;

/// <summary>A process and everything that it has started, in whatever way this system lets one find them.</summary>
internal interface IProcessFamily
{
    /// <summary>True when measuring does not read the snapshot, and so costs little: some 15 µs.</summary>
    bool MeasuresItself { get; }

    /// <summary>What it uses now.</summary>
    /// <param name="snapshot">The processes of this machine, read when first asked for.</param>
    MemoryUse Measure(Lazy<IReadOnlyList<RunningProcess>> snapshot);

    /// <summary>Whether the system itself has ended one of them for its memory.</summary>
    MemoryVerdict Verdict();

    /// <summary>Ends those that are alive now.</summary>
    /// <returns>How many were found: what they started meanwhile is left to the next call.</returns>
    int Kill();

    /// <summary>Removes what the system was told about it; nothing of it runs any more.</summary>
    /// <returns>False when the system is not ready for that yet.</returns>
    bool TryRemove();
}

/// <summary>Memory of a process and its descendants.</summary>
/// <param name="Bytes">What they use together.</param>
/// <param name="Verdict">Whether that is within their limit.</param>
internal readonly record struct MemoryUse(long Bytes, MemoryVerdict Verdict);

/// <summary>What a memory limit says.</summary>
internal enum MemoryVerdict
{
    /// <summary>No limit was passed.</summary>
    Within,

    /// <summary>More is used than may be, or the kernel has ended one of them for it.</summary>
    Exceeded,
}
