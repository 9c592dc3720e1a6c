using System.Globalization;
using LambdaStreamRunner.Testing;

namespace LambdaStreamRunner.Mutations.Driver;

/// <summary>What the mutation tests call, once per copy of the core. Only types of the framework cross the line.</summary>
public static class Exploring
{
    /// <summary>The names of the explorations.</summary>
    public static string[] Names { get; } = [.. Explorations.All.Keys];

    /// <summary>Explores.</summary>
    /// <param name="name">The exploration.</param>
    /// <returns>Which promise was broken, by which schedule, with how many records, and the message; null when all were kept.</returns>
    public static async Task<string[]?> ExploreAsync(string name)
    {
        try
        {
            await Explorations.All[name]();
            return null;
        }
        catch (StreamTestException broken)
        {
            return [broken.Promise ?? "none", broken.Schedule ?? "step by step", broken.Records.Count.ToString(CultureInfo.InvariantCulture), broken.Message];
        }
        catch (InvalidOperationException refused) when (refused.TargetSite?.DeclaringType?.Assembly == typeof(Core.Mappings.ShardMachine).Assembly)
        {
            return ["(the machine refuses)", "", "", refused.Message];
        }
    }
}
