using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace LambdaStreamRunner.Runner.Configuration;

/// <summary>What came of reading a configuration: the model, or every mistake at once.</summary>
public sealed record ConfigurationResult
{
    /// <summary>The validated model; null when there are errors.</summary>
    public RunnerConfiguration? Configuration { get; init; }

    /// <summary>Every mistake, in the order of the file. Nothing may be started when there is one.</summary>
    public ImmutableArray<ConfigurationProblem> Errors { get; init; } = [];

    /// <summary>What is obeyed otherwise than a reader may expect; it stops nobody.</summary>
    public ImmutableArray<ConfigurationProblem> Warnings { get; init; } = [];

    /// <summary>True when there is a model to run.</summary>
    [MemberNotNullWhen(true, nameof(Configuration))]
    public bool IsValid => Configuration is not null;
}
