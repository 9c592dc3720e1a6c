using LambdaStreamRunner.Testing;

namespace LambdaStreamRunner.Mutations.Driver;

/// <summary>What the mutation tests call, once per copy of the core. Only types of the framework cross the line.</summary>
public static class Exploring
{
    /// <summary>The names of the explorations.</summary>
    public static string[] Names { get; } = [.. Explorations.All.Keys];

    /// <summary>Explores.</summary>
    /// <param name="name">The exploration.</param>
    /// <returns>The message of the promise that was broken, or of the machine that noticed by itself; null when all is well.</returns>
    public static async Task<string?> ExploreAsync(string name)
    {
        try
        {
            await Explorations.All[name]();
            return null;
        }
        catch (StreamTestException broken)
        {
            return broken.Message;
        }
        catch (InvalidOperationException refused) when (refused.TargetSite?.DeclaringType?.Assembly == typeof(Core.Mappings.ShardMachine).Assembly)
        {
            return $"The machine refuses: {refused.Message}";
        }
    }
}
