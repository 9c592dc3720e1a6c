using System.Collections.Immutable;
using LambdaStreamRunner.Functions;
using LambdaStreamRunner.Functions.Building;
using LambdaStreamRunner.Runner.Configuration;

namespace LambdaStreamRunner.Runner.Environments.Runtimes;

/// <summary>Looks for what functions in processes need: the programs of their runtimes, their handlers' files. Nothing is built, and none of their code runs.</summary>
public static class RuntimeCheck
{
    /// <summary>A sentence about each function that could not be started, in the order of the configuration. What has to be built first is passed over.</summary>
    /// <param name="configuration">The configuration.</param>
    /// <param name="stopping">Gives it up.</param>
    public static async Task<ImmutableArray<string>> MissingAsync(RunnerConfiguration configuration, CancellationToken stopping)
    {
        string?[] complaints = await Task.WhenAll(configuration.Functions
            .Where(function => function.Hosting is FunctionHosting.Process && !FunctionCode.HasProject(function.CodeUri))
            .Select(function => ComplaintAsync(function, stopping)));
        return [.. complaints.OfType<string>()];
    }

    private static async Task<string?> ComplaintAsync(FunctionConfiguration function, CancellationToken stopping)
    {
        try
        {
            await EnvironmentPlans.OfAsync(function, new FunctionBuild(), stopping);
            return null;
        }
        catch (Exception wrong) when (wrong is FunctionLoadException or IOException or UnauthorizedAccessException)
        {
            return $"Functions.{function.Name}: {wrong.Message}";
        }
    }
}
