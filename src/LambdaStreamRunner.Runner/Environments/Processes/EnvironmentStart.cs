using System.Collections.Immutable;

namespace LambdaStreamRunner.Runner.Environments.Processes;

/// <summary>One process to start.</summary>
internal sealed record EnvironmentStart
{
    /// <summary>The program: a full path, or a name on the PATH.</summary>
    public required string Command { get; init; }

    /// <summary>Its arguments.</summary>
    public ImmutableArray<string> Arguments { get; init; } = [];

    /// <summary>Its working directory.</summary>
    public required string WorkingDirectory { get; init; }

    /// <summary>Set in its environment, over what this process has.</summary>
    public required ImmutableDictionary<string, string> Variables { get; init; }

    /// <summary>MB that it and its descendants may use together; null: as much as there is.</summary>
    public int? MemoryMegabytesMax { get; init; }
}

/// <summary>How a process ended.</summary>
/// <param name="Code">Its exit code; for one that a signal ended, 128 and the signal's number.</param>
/// <param name="WasOutOfMemory">True when it was ended because it used more memory than it may.</param>
internal sealed record ProcessExit(int Code, bool WasOutOfMemory)
{
    /// <summary>As Lambda says it: <c>exit status 1</c>, <c>signal: killed</c>.</summary>
    public override string ToString() => Code switch
    {
        137 => "signal: killed",
        134 => "signal: aborted",
        139 => "signal: segmentation fault",
        143 => "signal: terminated",
        > 128 => $"signal: {Code - 128}",
        _ => $"exit status {Code}",
    };
}
