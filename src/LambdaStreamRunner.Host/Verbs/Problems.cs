using System.Collections.Immutable;
using LambdaStreamRunner.Host.Terminal;
using LambdaStreamRunner.Runner.Configuration;

namespace LambdaStreamRunner.Host.Verbs;

/// <summary>Problems of a configuration as the terminal shows them.</summary>
internal static class Problems
{
    public static IReadOnlyList<Mistake> Of(ImmutableArray<ConfigurationProblem> problems) =>
        [.. problems.Select(problem => new Mistake(problem.Path, problem.Line, problem.Text))];
}
