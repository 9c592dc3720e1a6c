using System.Diagnostics;
using System.Globalization;
using LambdaStreamRunner.Mutations.Driver;

namespace LambdaStreamRunner.Mutations.Tests;

/// <summary>How a mutation was caught, if it was.</summary>
/// <param name="Mutation">The mutation.</param>
/// <param name="Message">What the testing library said; null when it found nothing.</param>
/// <param name="World">The exploration that found it.</param>
/// <param name="Time">From its compilation to the message.</param>
internal sealed record Catch(Mutation Mutation, string? Message, string World, TimeSpan Time)
{
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(30);

    /// <summary>Plants a bug and explores until it is found.</summary>
    public static async Task<Catch> Of(Mutation mutation)
    {
        long started = Stopwatch.GetTimestamp();
        var context = new CoreContext(CoreSources.Compile(mutation));
        try
        {
            foreach (string world in Exploring.Names.OrderBy(world => world == mutation.World ? 0 : 1))
            {
                if (await ExploreAsync(context, world, Budget - Stopwatch.GetElapsedTime(started)) is { } message)
                    return new Catch(mutation, message, world, Stopwatch.GetElapsedTime(started));
            }
            return new Catch(mutation, null, "", Stopwatch.GetElapsedTime(started));
        }
        finally
        {
            context.Unload();
        }
    }

    /// <summary>The first line of the message: what is broken.</summary>
    public string Headline => Message?.Split('\n')[0] ?? "survived";

    /// <summary>A line of the table.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Mutation.Name,-90} {Headline.Split(" is broken")[0],-36} {World,-26} {Time.TotalSeconds,5:0.0} s");

    private static async Task<string?> ExploreAsync(CoreContext context, string world, TimeSpan budget)
    {
        try
        {
            return await Task.Run(() => context.ExploreAsync(world)).WaitAsync(budget > TimeSpan.Zero ? budget : TimeSpan.Zero, TimeProvider.System);
        }
#pragma warning disable CA1031 // Whatever a broken core does to its world, the table says it, and the test fails.
        catch (Exception crash)
#pragma warning restore CA1031
        {
            return $"{Crashed}{crash}";
        }
    }

    /// <summary>True when a promise was named, or the machine refused to go on.</summary>
    public bool IsCaught => Message is not null && !Message.StartsWith(Crashed, StringComparison.Ordinal);

    private const string Crashed = "crash: ";
}
