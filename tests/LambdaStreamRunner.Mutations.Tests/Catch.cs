using System.Diagnostics;
using System.Globalization;
using LambdaStreamRunner.Mutations.Driver;

namespace LambdaStreamRunner.Mutations.Tests;

/// <summary>What became of a mutation.</summary>
/// <param name="Mutation">The mutation.</param>
/// <param name="World">The exploration that found it.</param>
/// <param name="Time">From its compilation to the end.</param>
internal sealed record Catch(Mutation Mutation, string World, TimeSpan Time)
{
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(80);

    /// <summary>The promise that was named; null when nothing was noticed, or something else came of it.</summary>
    public string? Promise { get; init; }

    /// <summary>The schedule that broke it.</summary>
    public string Schedule { get; init; } = "";

    /// <summary>How many records the smallest example has.</summary>
    public string Records { get; init; } = "";

    /// <summary>Everything that was said.</summary>
    public string Message { get; init; } = "No exploration noticed anything.";

    /// <summary>Plants a bug and explores until it is found.</summary>
    public static async Task<Catch> Of(Mutation mutation)
    {
        long started = Stopwatch.GetTimestamp();
        var context = new CoreContext(CoreSources.Compile(mutation));
        string world = mutation.World;
        try
        {
            foreach (string next in Exploring.Names.OrderBy(world => world == mutation.World ? 0 : 1))
            {
                world = next;
                TimeSpan left = Budget - Stopwatch.GetElapsedTime(started);
                string[]? found = await Task.Run(() => context.ExploreAsync(world)).WaitAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero, TimeProvider.System);
                if (found is [string promise, string schedule, string records, string message])
                    return new Catch(mutation, world, Stopwatch.GetElapsedTime(started)) { Promise = promise, Schedule = schedule, Records = records, Message = message };
            }
            return new Catch(mutation, "", Stopwatch.GetElapsedTime(started));
        }
#pragma warning disable CA1031 // Whatever a broken core does to its world: it is told, and its test fails.
        catch (Exception crash)
#pragma warning restore CA1031
        {
            return new Catch(mutation, world, Stopwatch.GetElapsedTime(started)) { Message = crash.ToString() };
        }
        finally
        {
            context.Unload();
        }
    }

    /// <summary>A line of the table.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"| {Mutation.Name,-88} | {Promise ?? "-",-34} | {World,-24} | {Schedule,-30} | {Records,2} | {Time.TotalSeconds,5:0.0} s |");
}
