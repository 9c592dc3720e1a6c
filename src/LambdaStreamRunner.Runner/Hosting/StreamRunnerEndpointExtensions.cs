using LambdaStreamRunner.Runner.Hosting;
using LambdaStreamRunner.Runner.LambdaApi;
using LambdaStreamRunner.Runner.RunnerApi;
using LambdaStreamRunner.StreamServer;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.AspNetCore.Builder;

/// <summary>The door of the runner into an ASP.NET Core application.</summary>
public static class StreamRunnerEndpointExtensions
{
    /// <summary>Serves the runner's Lambda API under <c>/2015-03-31</c> and <c>/2017-03-31</c>, what scripts ask under <c>/_runner</c>, and its Kinesis endpoint wherever no other route matches.</summary>
    /// <remarks>
    /// Needs <c>services.AddLambdaStreamRunner(...)</c>. Clients use the application's address as their endpoint URL. The
    /// application decides who may come in: <see cref="StreamServerExtensions.UseHostGuard"/> keeps it to the loopback.
    /// </remarks>
    /// <returns>Conventions for all of them.</returns>
    public static IEndpointConventionBuilder MapLambdaStreamRunner(this IEndpointRouteBuilder routes)
    {
        var runner = routes.ServiceProvider.GetRequiredService<StreamRunner>();
        return new Endpoints([.. routes.MapLambda(runner.Lambda), .. routes.MapRunnerApi(runner), routes.MapKinesis(runner.Streams)]);
    }

    private sealed class Endpoints(IReadOnlyList<IEndpointConventionBuilder> endpoints) : IEndpointConventionBuilder
    {
        public void Add(Action<EndpointBuilder> convention)
        {
            foreach (IEndpointConventionBuilder endpoint in endpoints)
                endpoint.Add(convention);
        }

        public void Finally(Action<EndpointBuilder> finalConvention)
        {
            foreach (IEndpointConventionBuilder endpoint in endpoints)
                endpoint.Finally(finalConvention);
        }
    }
}
