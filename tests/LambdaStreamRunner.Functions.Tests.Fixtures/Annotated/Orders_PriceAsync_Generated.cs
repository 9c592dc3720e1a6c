using System.Text;
using Amazon.Lambda.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Fixtures;

/// <summary>
/// What the generator of Amazon.Lambda.Annotations makes of <see cref="Orders.PriceAsync"/>, written by hand in its shape:
/// the handler is this class, and its constructor is where the services are made.
/// </summary>
public class Orders_PriceAsync_Generated
{
    private readonly ServiceProvider _serviceProvider;

    public Orders_PriceAsync_Generated()
    {
        SetExecutionEnvironment();
        var services = new ServiceCollection();
        services.AddSingleton<Orders>();
        new Startup().ConfigureServices(services);
        _serviceProvider = services.BuildServiceProvider();
    }

    public async Task<Receipt> PriceAsync(Order order, ILambdaContext __context__)
    {
        using var scope = _serviceProvider.CreateScope();
        var orders = scope.ServiceProvider.GetRequiredService<Orders>();
        var desk = scope.ServiceProvider.GetRequiredService<Desk>();
        return await orders.PriceAsync(desk, order, __context__);
    }

    private static void SetExecutionEnvironment()
    {
        const string Name = "AWS_EXECUTION_ENV";
        var value = new StringBuilder();
        if (Environment.GetEnvironmentVariable(Name) is { Length: > 0 } before)
            value.Append(before).Append('_');
        value.Append("lib/amazon-lambda-annotations#1.0.0.0");
        Environment.SetEnvironmentVariable(Name, value.ToString());
    }
}
