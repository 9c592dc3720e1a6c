using LambdaStreamRunner.Runner.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>The door of the runner into any host of Microsoft.Extensions.Hosting.</summary>
public static class StreamRunnerServiceCollectionExtensions
{
    /// <summary>Runs streams, functions and mappings inside this host; <see cref="StreamRunner"/> is then a service.</summary>
    /// <example>
    /// <code>
    /// services.AddLambdaStreamRunner(runner => runner
    ///     .AddStream("orders")
    ///     .AddFunction("Orders", new OrderFunction().HandleAsync)
    ///     .AddMapping("orders", "Orders", mapping => mapping with { ParallelizationFactor = 4 }));
    /// </code>
    /// </example>
    /// <param name="services">The host's services.</param>
    /// <param name="configure">Says what to run.</param>
    public static IServiceCollection AddLambdaStreamRunner(this IServiceCollection services, Action<StreamRunnerOptions> configure)
    {
        services.AddSingleton(provider =>
        {
            var options = new StreamRunnerOptions();
            configure(options);
            return new StreamRunner(
                options, provider.GetService<TimeProvider>() ?? TimeProvider.System, provider.GetService<ILoggerFactory>() ?? NullLoggerFactory.Instance);
        });
        services.AddHostedService<StreamRunnerService>();
        return services;
    }
}
