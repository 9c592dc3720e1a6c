using LambdaStreamRunner.Runner.Configuration;
using LambdaStreamRunner.Runner.Destinations;
using LambdaStreamRunner.Runner.Telemetry;
using Microsoft.Extensions.Logging;

namespace LambdaStreamRunner.Runner.Hosting;

/// <summary>Asks the on-failure destinations of mappings, beside the run, whether they are there.</summary>
/// <remarks>AWS would run on as well: what is discarded meanwhile is lost, so somebody should hear of it before.</remarks>
internal static class DestinationProbe
{
    /// <summary>Asks all of them, and logs a warning about each that cannot be reached. It does not fail.</summary>
    /// <param name="destinations">Reach them.</param>
    /// <param name="mappings">The mappings that run.</param>
    /// <param name="logger">Receives the warnings.</param>
    /// <param name="abandon">Fires when nobody wants to know any more.</param>
    public static async Task RunAsync(OnFailureDestinations destinations, IEnumerable<MappingConfiguration> mappings, ILogger logger, CancellationToken abandon)
    {
        try
        {
            foreach (string complaint in await DestinationCheck.UnreachableAsync(destinations, mappings, abandon))
                logger.DestinationUnreachable(complaint);
        }
        catch (OperationCanceledException) when (abandon.IsCancellationRequested)
        {
            // The runner ends.
        }
#pragma warning disable CA1031 // Asking is a courtesy: a run does not fail by it, least of all at its end.
        catch (Exception trouble)
#pragma warning restore CA1031
        {
            logger.DestinationUnreachable($"The destinations could not be asked: {trouble.Message}");
        }
    }
}
