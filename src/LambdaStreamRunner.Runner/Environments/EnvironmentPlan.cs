using System.Collections.Immutable;

namespace LambdaStreamRunner.Runner.Environments;

/// <summary>What runs in each execution environment of a function: a command that talks to the Runtime API.</summary>
internal sealed record EnvironmentPlan
{
    /// <summary>The program: a full path, or a name on the PATH.</summary>
    public required string Command { get; init; }

    /// <summary>Its arguments.</summary>
    public ImmutableArray<string> Arguments { get; init; } = [];

    /// <summary>Folder of the function's code: LAMBDA_TASK_ROOT, and the working directory.</summary>
    public required string TaskRoot { get; init; }

    /// <summary>_HANDLER.</summary>
    public required string Handler { get; init; }

    /// <summary>
    /// Variables that are the same for all environments of the function: AWS_EXECUTION_ENV, what finds layers, and the
    /// function's own, which win. They are added to those of this process.
    /// </summary>
    public ImmutableDictionary<string, string> Variables { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>How the process is told to wait for a debugger; null when its runtime has no way to.</summary>
    public DebuggerPlan? Debugger { get; init; }

    /// <summary>Why it cannot wait for a debugger, and what to do about it: a sentence for people. Null when it can.</summary>
    public string? NoDebugger { get; init; }

    /// <summary>What differs from Lambda, or will not work: sentences for people, said once at the start. None by default.</summary>
    public ImmutableArray<string> Notices { get; init; } = [];
}

/// <summary>How an environment waits for a debugger.</summary>
/// <param name="Arguments">Take the place of the plan's arguments.</param>
/// <param name="Variables">Added to the plan's variables.</param>
/// <param name="HowToAttach">A sentence for people; <c>{pid}</c> stands for the process id.</param>
internal sealed record DebuggerPlan(ImmutableArray<string> Arguments, ImmutableDictionary<string, string> Variables, string HowToAttach);
