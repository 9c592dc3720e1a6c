using System.Text;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Runner.Configuration;
using LambdaStreamRunner.Runner.Hosting;
using LambdaStreamRunner.Runner.Tests.Configuration;
using LambdaStreamRunner.Runner.Tests.Hosting;
using LambdaStreamRunner.StreamServer.Tests.Clients;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OrderFunction = LambdaStreamRunner.Runner.Tests.Hosting.ClickHandler;

namespace LambdaStreamRunner.Runner.Tests.Readme;

/// <summary>What the README shows is what the program takes.</summary>
public class ReadmeTests
{
    [Fact]
    public void The_configuration_of_the_README_is_right_and_warns_of_nothing()
    {
        ConfigurationResult result = ConfigurationText.Read(BlockOf("json"));

        Assert.Empty(result.Errors);
        Assert.Empty(result.Warnings);
        EventSourceMapping clicks = Assert.Single(result.Configuration!.Mappings).Settings;
        Assert.Equal((100, 4, LanePolicy.HashLanes), (clicks.BatchSize, clicks.ParallelizationFactor, clicks.LanePolicy));
    }

    [Fact]
    public void So_are_its_faults_and_delays()
    {
        RunnerConfiguration configuration = ConfigurationText.Valid($"{{ {BlockOf("jsonc")} }}");

        StreamConfiguration orders = Assert.Single(configuration.Streams);
        Assert.Equal((true, 0.05, 42), (orders.HasLimits, orders.Faults!.ThrottleRate, orders.Faults.Seed));
        Assert.All(configuration.LifecycleDelays.Named, delay => Assert.True(delay.Delay > TimeSpan.Zero));
    }

    [Fact]
    public async Task The_example_of_embedding_delivers_what_is_put()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");

        builder.Services.AddLambdaStreamRunner(runner => runner
            .AddStream("orders", shardCount: 2)
            .AddFunction("Orders", new OrderFunction().HandleAsync)
            .AddMapping("orders", "Orders", mapping => mapping with { BatchSize = 10, ParallelizationFactor = 4 }));

        await using WebApplication app = builder.Build();
        app.MapLambdaStreamRunner();
        await app.StartAsync(TestContext.Current.CancellationToken);
        using var http = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
        var runner = app.Services.GetRequiredService<StreamRunner>();

        await http.PutRecordsAsync("orders", [("a", "one"), ("b", "two")]);
        await runner.DrainAsync();

        Assert.Equal(2, Assert.Single(runner.Summarize().Mappings).Succeeded);
        await app.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public void The_example_of_embedding_is_the_one_that_is_tested()
    {
        string tested = File.ReadAllText(RepositoryFile.Path("tests/LambdaStreamRunner.Runner.Tests/Readme/ReadmeTests.cs"));
        string[] lines = [.. BlockOf("csharp").Split('\n').Select(WithoutComment).Where(line => line.Length > 0)];

        Assert.Equal(5, lines.Length);
        Assert.All(lines, line => Assert.Contains($" {line}\n", tested.ReplaceLineEndings("\n"), StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_session_with_the_aws_CLI_runs_as_it_stands()
    {
        ClientProcess.Require("/usr/bin/aws", "awscli");
        var handler = new OrderFunction();
        await using StreamRunner runner = await TestRunner.StartedAsync(new StreamRunnerOptions { Port = 0 }
            .AddStream("orders").AddFunction("AccessLog", handler.HandleAsync));
        string folder = Directory.CreateTempSubdirectory("readme-").FullName;
        try
        {
            string session = BlocksOf("sh").Single(block => block.Contains("create-event-source-mapping", StringComparison.Ordinal))
                .Replace("http://127.0.0.1:4566", runner.Endpoint!.AbsoluteUri.TrimEnd('/'), StringComparison.Ordinal);

            string said = await ClientProcess.RunAsync("/bin/bash", "-c", $"set -eu; cd {folder}; aws() {{ /usr/bin/aws \"$@\"; }}\n{session}");

            Assert.Contains("\"StatusCode\": 200", said, StringComparison.Ordinal);
            Assert.All((string[])["Updating", "Disabling", "Enabling", "Deleting"], state => Assert.Contains($"\"State\": \"{state}\"", said, StringComparison.Ordinal));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string WithoutComment(string line) => line.Split("//")[0].Trim();

    private static IEnumerable<string> BlocksOf(string language) =>
        File.ReadAllText(RepositoryFile.Path("README.md"), Encoding.UTF8).ReplaceLineEndings("\n").Split($"```{language}\n").Skip(1).Select(rest => rest[..rest.IndexOf("```", StringComparison.Ordinal)]);

    private static string BlockOf(string language)
    {
        string readme = File.ReadAllText(RepositoryFile.Path("README.md"), Encoding.UTF8).ReplaceLineEndings("\n");
        string fence = $"```{language}\n";
        int start = readme.IndexOf(fence, StringComparison.Ordinal) + fence.Length;
        return readme[start..readme.IndexOf("```", start, StringComparison.Ordinal)];
    }
}
