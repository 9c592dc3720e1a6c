using System.Collections.Immutable;
using LambdaStreamRunner.Runner.Configuration;

namespace LambdaStreamRunner.Runner.Hosting;

/// <summary>A configuration with mistakes: nothing was started.</summary>
/// <param name="path">The file.</param>
/// <param name="errors">Every mistake.</param>
public sealed class InvalidConfigurationException(string path, ImmutableArray<ConfigurationProblem> errors)
    : Exception($"{path}:{Environment.NewLine}{string.Join(Environment.NewLine, errors)}")
{
    /// <summary>Every mistake.</summary>
    public ImmutableArray<ConfigurationProblem> Errors { get; } = errors;
}
