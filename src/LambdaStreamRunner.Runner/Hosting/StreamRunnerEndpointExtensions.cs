using LambdaStreamRunner.Runner.Hosting;
using LambdaStreamRunner.StreamServer;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.AspNetCore.Builder;

/// <summary>The door of the runner into an ASP.NET Core application.</summary>
public static class StreamRunnerEndpointExtensions
{
    /// <summary>Serves the runner's Kinesis endpoint from this application, wherever no other route matches.</summary>
    /// <remarks>
    /// Needs <c>services.AddLambdaStreamRunner(...)</c>. Clients use the application's address as their endpoint URL. The
    /// application decides who may come in: <see cref="StreamServerExtensions.UseHostGuard"/> keeps it to the loopback.
    /// </remarks>
    public static IEndpointConventionBuilder MapLambdaStreamRunner(this IEndpointRouteBuilder routes) =>
        routes.MapKinesis(routes.ServiceProvider.GetRequiredService<StreamRunner>().Streams);
}
