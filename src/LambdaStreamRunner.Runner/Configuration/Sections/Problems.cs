using System.Collections.Immutable;
using LambdaStreamRunner.Runner.Configuration.Syntax;

namespace LambdaStreamRunner.Runner.Configuration.Sections;

/// <summary>Gathers everything there is to say, so that one run shows every mistake.</summary>
internal sealed class Problems
{
    private readonly List<ConfigurationProblem> _errors = [];
    private readonly List<ConfigurationProblem> _warnings = [];

    /// <summary>True when the file can be run.</summary>
    public bool AreHarmless => _errors.Count == 0;

    public ImmutableArray<ConfigurationProblem> Errors => InFileOrder(_errors);

    public ImmutableArray<ConfigurationProblem> Warnings => InFileOrder(_warnings);

    public void Error(JsonValue at, string text) => _errors.Add(new ConfigurationProblem(at.Path, at.Line, text));

    public void Error(ConfigurationProblem problem) => _errors.Add(problem);

    public void Warning(JsonValue at, string text) => _warnings.Add(new ConfigurationProblem(at.Path, at.Line, text));

    private static ImmutableArray<ConfigurationProblem> InFileOrder(List<ConfigurationProblem> problems) =>
        [.. problems.OrderBy(problem => problem.Line ?? 0)];
}
