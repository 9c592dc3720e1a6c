using LambdaStreamRunner.Runner.Configuration;
using LambdaStreamRunner.Runner.Hosting;
using LambdaStreamRunner.Runner.Tests.Configuration;

namespace LambdaStreamRunner.Runner.Tests.Hosting;

public class StreamRunnerOptionsTests
{
    [Fact]
    public void A_configuration_file_can_be_begun_with_and_added_to()
    {
        StreamRunnerOptions options = new StreamRunnerOptions()
            .UseConfiguration(RepositoryFile.Path("config/runner.json"))
            .AddFunction("Audit", new ClickHandler().HandleAsync)
            .AddMapping("clicks", "Audit");

        Assert.Equal(
            ["clicks → AccessLog", "orders → OrderTracker", "clicks → Audit"], options.Configuration.Mappings.Select(mapping => mapping.Name));
    }

    [Fact]
    public void A_function_may_say_how_it_runs()
    {
        StreamRunnerOptions options = new StreamRunnerOptions()
            .AddFunction("Python", function => function with { Hosting = FunctionHosting.Process, Runtime = "python3.13", CodeUri = "app", Handler = "app.handler", Layers = ["layer"] })
            .AddFunction("Remote", function => function with { Hosting = FunctionHosting.Remote, Endpoint = ServiceEndpoint.Aws });

        FunctionConfiguration python = options.Configuration.Functions[0];
        Assert.Equal(("arn:aws:lambda:us-east-1:000000000000:function:Python", Path.GetFullPath("app")), (python.Arn, python.CodeUri));
        Assert.Equal([Path.GetFullPath("layer")], python.Layers);
        Assert.Equal((TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(900)), (python.Timeout, options.Configuration.Functions[1].Timeout));
    }

    [Fact]
    public void A_configuration_file_with_mistakes_is_refused_with_all_of_them()
    {
        string file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, """{ "Streams": { "clicks": { "ShardCount": 0, "Shards": 1 } } }""");

            var invalid = Assert.Throws<InvalidConfigurationException>(() => new StreamRunnerOptions().UseConfiguration(file));

            Assert.Equal(2, invalid.Errors.Length);
            Assert.All(invalid.Errors, error => Assert.Contains(error.ToString(), invalid.Message, StringComparison.Ordinal));
            Assert.StartsWith(file, invalid.Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }
    }
}
