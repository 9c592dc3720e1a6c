using System.Text.Json.Serialization;
using Amazon.Lambda.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Fixtures;

public sealed record Order(string Id, int Amount);

public sealed record Receipt(string Id, int Price, int Scope, string Injection, string Environment);

[JsonSerializable(typeof(Order))]
[JsonSerializable(typeof(Receipt))]
public sealed partial class AnnotatedJson : JsonSerializerContext;

/// <summary>One for the life of the environment.</summary>
public sealed class Prices
{
    private int _scopes;

    public int PriceOf(Order order) => order.Amount * 3;

    public int NextScope() => ++_scopes;
}

/// <summary>One for each invocation.</summary>
public sealed class Desk(Prices prices)
{
    public int Scope { get; } = prices.NextScope();
}

/// <summary>What the author marks with [LambdaStartup].</summary>
public class Startup
{
    public void ConfigureServices(IServiceCollection services)
    {
        services.AddSingleton<Prices>();
        services.AddScoped<Desk>();
    }
}

/// <summary>What the author writes: its constructor and, with [FromServices], its method ask for services.</summary>
public class Orders(Prices prices)
{
    /// <summary>What the author marks with [LambdaFunction].</summary>
    public async Task<Receipt> PriceAsync(Desk desk, Order order, ILambdaContext context)
    {
        await Task.Yield();
        context.Logger.LogInformation($"Priced {order.Id}.");
        string injection = $"{typeof(ServiceCollection).Assembly.GetName().Version}";
        return new Receipt(order.Id, prices.PriceOf(order), desk.Scope, injection, Environment.GetEnvironmentVariable("AWS_EXECUTION_ENV") ?? "none");
    }
}
