using System.Net;
using LambdaStreamRunner.Runner.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace LambdaStreamRunner.Runner.Tests.Hosting;

/// <summary>An ASP.NET Core application serves the streams on its own port, beside its own routes.</summary>
public class MappedIntoAWebApplicationTests
{
    [Fact]
    public async Task Kinesis_calls_and_the_applications_own_routes_share_one_port()
    {
        var handler = new ClickHandler();
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddLambdaStreamRunner(runner => runner
            .AddStream("clicks")
            .AddFunction("Clicks", handler.HandleAsync)
            .AddMapping("clicks", "Clicks"));
        await using WebApplication app = builder.Build();
        app.MapGet("/hello", () => "from the application");
        app.MapLambdaStreamRunner();
        await app.StartAsync(TestContext.Current.CancellationToken);
        using var http = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
        var runner = app.Services.GetRequiredService<StreamRunner>();

        await http.PutRecordsAsync("clicks", [("a", "one"), ("a", "two")]);
        await runner.DrainAsync();

        Assert.Equal(["one", "two"], handler.Texts);
        Assert.Null(runner.Endpoint);
        Assert.Equal("from the application", await http.GetStringAsync("/hello", TestContext.Current.CancellationToken));
        using HttpResponseMessage other = await http.GetAsync("/nowhere", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Forbidden, other.StatusCode);
        Assert.Contains("AccessDeniedException", await other.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        await app.StopAsync(TestContext.Current.CancellationToken);
    }
}
