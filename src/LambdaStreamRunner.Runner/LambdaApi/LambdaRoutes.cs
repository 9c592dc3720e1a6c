using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace LambdaStreamRunner.Runner.LambdaApi;

/// <summary>The paths of the Lambda API.</summary>
internal static class LambdaRoutes
{
    /// <summary>Serves the Lambda API under the prefixes of its versions.</summary>
    public static IReadOnlyList<IEndpointConventionBuilder> MapLambda(this IEndpointRouteBuilder routes, LambdaService service)
    {
        var endpoint = new LambdaEndpoint(service, routes.ServiceProvider.GetRequiredService<ILoggerFactory>().CreateLogger("LambdaStreamRunner"));
        return
        [
            routes.Map("/2015-03-31/{**path}", endpoint.HandleAsync),
            routes.Map("/2017-03-31/{**path}", endpoint.HandleAsync),
        ];
    }
}
