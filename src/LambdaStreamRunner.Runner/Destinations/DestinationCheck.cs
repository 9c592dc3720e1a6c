using System.Collections.Immutable;
using LambdaStreamRunner.Runner.Configuration;

namespace LambdaStreamRunner.Runner.Destinations;

/// <summary>Asks the destinations of a configuration whether they are there. Nothing is sent, and nothing changes.</summary>
public static class DestinationCheck
{
    /// <summary>Longest wait for each, all at the same time.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>A sentence about each that cannot be reached, in the order of the mappings.</summary>
    public static async Task<ImmutableArray<string>> UnreachableAsync(RunnerConfiguration configuration, TimeProvider time, CancellationToken cancellation)
    {
        using var destinations = new OnFailureDestinations(configuration.Region, time);
        return await UnreachableAsync(destinations, configuration.Mappings, cancellation);
    }

    internal static async Task<ImmutableArray<string>> UnreachableAsync(
        OnFailureDestinations destinations, IEnumerable<MappingConfiguration> mappings, CancellationToken cancellation)
    {
        string?[] complaints = await Task.WhenAll(
            mappings
                .Select(mapping => mapping.OnFailure)
                .OfType<OnFailureDestination.Remote>()
                .Distinct()
                .Select(destination => ComplaintAsync(destinations, destination, cancellation)));
        return [.. complaints.OfType<string>()];
    }

    private static async Task<string?> ComplaintAsync(OnFailureDestinations destinations, OnFailureDestination.Remote destination, CancellationToken cancellation)
    {
        try
        {
            await destinations.ProbeAsync(destination, Patience, cancellation);
            return null;
        }
#pragma warning disable CA1031 // Whatever it is, the destination cannot be used, and a check or a run that goes on says so.
        catch (Exception unreachable) when (unreachable is not OperationCanceledException || !cancellation.IsCancellationRequested)
#pragma warning restore CA1031
        {
            return $"The destination {destination} cannot be used at {destination.Endpoint}: {unreachable.Message}";
        }
    }
}
