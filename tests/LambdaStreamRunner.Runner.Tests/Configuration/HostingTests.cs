using LambdaStreamRunner.Runner.Configuration;
using static LambdaStreamRunner.Runner.Tests.Configuration.ConfigurationText;

namespace LambdaStreamRunner.Runner.Tests.Configuration;

/// <summary>Where a function runs, and what it must say for that.</summary>
public class HostingTests
{
    [Theory]
    [InlineData("\"Handler\": \"A::N.T::M\"", FunctionHosting.InProcess)]
    [InlineData("\"Handler\": \"A::N.T::M\", \"Runtime\": \"dotnet8\"", FunctionHosting.InProcess)]
    [InlineData("\"Handler\": \"A.B\"", FunctionHosting.Process)]
    [InlineData("\"Handler\": \"A.B\", \"Runtime\": \"dotnet10\"", FunctionHosting.Process)]
    [InlineData("\"Handler\": \"index.handler\", \"Runtime\": \"nodejs22.x\"", FunctionHosting.Process)]
    [InlineData("\"Handler\": \"src/app.handler\", \"Runtime\": \"NodeJS20.x\"", FunctionHosting.Process)]
    [InlineData("\"Handler\": \"shop.app.lambda_handler\", \"Runtime\": \"python3.13\"", FunctionHosting.Process)]
    [InlineData("\"Runtime\": \"provided.al2023\"", FunctionHosting.Process)]
    [InlineData("\"Runtime\": \"provided\", \"Handler\": \"any thing\"", FunctionHosting.Process)]
    [InlineData("\"Handler\": \"A::N.T::M\", \"Hosting\": \"process\"", FunctionHosting.Process)]
    public void What_cannot_run_in_this_process_has_processes_of_its_own(string settings, FunctionHosting hosting) =>
        Assert.Equal(hosting, Valid(Functions($"\"CodeUri\": \"../f\", {settings}")).Functions[0].Hosting);

    [Fact]
    public void Every_setting_of_a_process_reaches_the_model()
    {
        FunctionConfiguration function = Valid(Functions("""
            "CodeUri": "../f", "Runtime": "Python3.13", "Handler": "app.handler", "Layers": ["../layers/a", "/opt/b"], "MemorySize": 512
            """)).Functions[0];

        Assert.Equal(("python3.13", "app.handler", 512), (function.Runtime, function.Handler, function.MemorySizeMegabytes));
        Assert.Equal(["/projects/shop/layers/a", "/opt/b"], function.Layers);
        Assert.Equal(TimeSpan.FromSeconds(3), function.Timeout);
        Assert.Null(function.Endpoint);
    }

    [Fact]
    public void A_remote_function_needs_no_code_and_is_waited_for_as_long_as_Lambda_runs_one()
    {
        FunctionConfiguration function = Valid(Functions("\"Hosting\": \"Remote\", \"Endpoint\": \"http://127.0.0.1:9000\"")).Functions[0];

        Assert.Equal(FunctionHosting.Remote, function.Hosting);
        Assert.Equal(("", "", TimeSpan.FromSeconds(900)), (function.CodeUri, function.Handler, function.Timeout));
        Assert.Equal(new Uri("http://127.0.0.1:9000"), function.Endpoint!.Url);
        Assert.Same(ServiceEndpoint.Aws, Valid(Functions("\"Hosting\": \"Remote\", \"Endpoint\": \"AWS\"")).Functions[0].Endpoint);
        Assert.Equal(TimeSpan.FromSeconds(5), Valid(Functions("\"Hosting\": \"Remote\", \"Endpoint\": \"aws\", \"Timeout\": 5")).Functions[0].Timeout);
    }

    [Fact]
    public void A_mapping_may_name_any_version_or_alias_of_a_remote_function()
    {
        MappingConfiguration mapping = Valid(WithMapping("")
            .Replace(Function, "\"Hosting\": \"Remote\", \"Endpoint\": \"aws\"", StringComparison.Ordinal)
            .Replace("\"FunctionName\": \"AccessLog\"", "\"FunctionName\": \"AccessLog:prod\"", StringComparison.Ordinal)).Mappings[0];

        Assert.Equal("prod", mapping.Function.VersionOf(mapping.Qualifier));
    }

    [Theory]
    [InlineData("LoggingConfig", "\"CodeUri\": \"f\", \"Handler\": \"A::N.T::M\", \"LoggingConfig\": { \"SystemLogLevel\": \"WARN\" }", "names levels, which are for logs in JSON")]
    [InlineData("LoggingConfig", "\"Hosting\": \"Remote\", \"Endpoint\": \"aws\", \"LoggingConfig\": { \"LogFormat\": \"JSON\" }", "is not used: a function with Hosting \"Remote\" has its own where it runs")]
    [InlineData("LoggingConfig.SystemLogLevel", "\"CodeUri\": \"f\", \"Handler\": \"A::N.T::M\", \"LoggingConfig\": { \"LogFormat\": \"JSON\", \"SystemLogLevel\": \"ERROR\" }", "is \"ERROR\"; it can be DEBUG, INFO or WARN.")]
    [InlineData("LoggingConfig.LogGroup", "\"CodeUri\": \"f\", \"Handler\": \"A::N.T::M\", \"LoggingConfig\": { \"LogGroup\": \"a b\" }", "is \"a b\"; use 1 to 512 letters")]
    [InlineData("Hosting", "\"CodeUri\": \"f\", \"Handler\": \"index.handler\", \"Runtime\": \"nodejs22.x\", \"Hosting\": \"InProcess\"", "the function is Node.js (nodejs22.x). Write \"Process\"")]
    [InlineData("Hosting", "\"CodeUri\": \"f\", \"Runtime\": \"provided.al2023\", \"Hosting\": \"InProcess\"", "the function is a bootstrap (provided.al2023)")]
    [InlineData("Hosting", "\"CodeUri\": \"f\", \"Handler\": \"Shop\", \"Hosting\": \"InProcess\"", "names only an assembly, and a program does not run inside another")]
    [InlineData("Runtime", "\"CodeUri\": \"f\", \"Handler\": \"a.b\", \"Runtime\": \"java21\"", "which is not available; use provided.al2023 with a program named bootstrap")]
    [InlineData("Runtime", "\"CodeUri\": \"f\", \"Handler\": \"a.b\", \"Runtime\": \"ruby3.3\"", "which is not available; use provided.al2023")]
    [InlineData("Runtime", "\"CodeUri\": \"f\", \"Handler\": \"a.b\", \"Runtime\": \"python2.7\"", "It can be a dotnet runtime as dotnet10, a Node.js one as nodejs22.x, a Python one as python3.13")]
    [InlineData("Handler", "\"CodeUri\": \"f\", \"Handler\": \"A::N.T::M\", \"Runtime\": \"nodejs22.x\"", "as index.handler")]
    [InlineData("Handler", "\"CodeUri\": \"f\", \"Handler\": \"handler\", \"Runtime\": \"python3.12\"", "as app.lambda_handler")]
    [InlineData("Handler", "\"CodeUri\": \"f\", \"Handler\": \"index.handler\"", "add \"Runtime\": \"nodejs22.x\" or \"python3.13\"")]
    [InlineData("Handler", "\"CodeUri\": \"f\", \"Handler\": \"A::M\"", "write Assembly::Namespace.Type::Method.")]
    [InlineData("Handler", "\"CodeUri\": \"f\", \"Runtime\": \"nodejs22.x\"", "is missing; write the file without its ending and the exported function")]
    [InlineData("Handler", "\"CodeUri\": \"f\", \"Handler\": \"\"", "is empty; write Assembly::Namespace.Type::Method.")]
    [InlineData("CodeUri", "\"Runtime\": \"provided.al2023\"", "is missing; name the folder of the function's code")]
    [InlineData("Endpoint", "\"CodeUri\": \"f\", \"Handler\": \"A::B::C\", \"Endpoint\": \"aws\"", "Add \"Hosting\": \"Remote\", or leave it out.")]
    [InlineData("Endpoint", "\"Hosting\": \"Remote\"", "is missing; a function with Hosting \"Remote\" is invoked there: write \"aws\"")]
    [InlineData("Endpoint", "\"Hosting\": \"Remote\", \"Endpoint\": \"localhost:9000\"", "is \"localhost:9000\"; write \"aws\" for AWS itself, or the URL")]
    [InlineData("Endpoint", "\"Endpoint\": \"aws\"", "Add \"Hosting\": \"Remote\", or leave it out.")]
    [InlineData("CodeUri", "\"Hosting\": \"Remote\", \"Endpoint\": \"aws\", \"CodeUri\": \"f\"", "has its own where it runs. Leave it out, or leave Hosting and Endpoint out.")]
    [InlineData("Handler", "\"Hosting\": \"Remote\", \"Endpoint\": \"aws\", \"Handler\": \"a.b\"", "has its own where it runs")]
    [InlineData("Runtime", "\"Hosting\": \"Remote\", \"Endpoint\": \"aws\", \"Runtime\": \"dotnet10\"", "has its own where it runs")]
    [InlineData("Environment", "\"Hosting\": \"Remote\", \"Endpoint\": \"aws\", \"Environment\": { \"Variables\": { \"MODE\": \"x\" } }", "has its own where it runs")]
    [InlineData("AutoPublishAlias", "\"Hosting\": \"Remote\", \"Endpoint\": \"aws\", \"AutoPublishAlias\": \"live\"", "may name any of them")]
    [InlineData("Layers", "\"CodeUri\": \"f\", \"Handler\": \"A::B::C\", \"Layers\": [\"layer\"]", "are for functions in processes of their own")]
    [InlineData("Layers[0]", "\"CodeUri\": \"f\", \"Runtime\": \"provided\", \"Layers\": [\"arn:aws:lambda:us-east-1:1:layer:x:1\"]", "layers are not downloaded; name a folder")]
    [InlineData("Layers[1]", "\"CodeUri\": \"f\", \"Runtime\": \"provided\", \"Layers\": [\"a\", 7]", "is 7; name a folder")]
    public void What_does_not_go_together_is_an_error_that_says_why(string at, string settings, string text)
    {
        ConfigurationProblem error = OnlyError(Functions(settings));

        Assert.Equal($"Functions.AccessLog.{at}", error.Path);
        Assert.Contains(text, error.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_password_in_an_endpoint_is_refused_and_not_printed()
    {
        string text = OnlyError(Functions("\"Hosting\": \"Remote\", \"Endpoint\": \"http://me:secret@localhost:9000\"")).Text;

        Assert.StartsWith("holds a user's name", text, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Reserved_executions_out_of_range_may_be_left_out_and_that_is_not_called_zero() =>
        Assert.EndsWith("AWS takes 0 to 1000000. Write a number in that range, or leave it out.", OnlyError(WithFunction("\"ReservedConcurrentExecutions\": -1")).Text, StringComparison.Ordinal);

    [Fact]
    public void A_value_of_the_wrong_kind_is_one_mistake_and_not_two() =>
        Assert.Equal("Functions.AccessLog.Endpoint", OnlyError(Functions("\"Hosting\": \"Remote\", \"Endpoint\": 9000")).Path);

    [Theory]
    [InlineData("\"MemorySize\": 256", "not enforced")]
    [InlineData("\"Runtime\": \"dotnet8\"", "With \"Hosting\": \"Process\" it has what it asks for.")]
    public void What_a_shared_process_does_not_give_is_a_warning_and_a_process_gives_it(string setting, string text)
    {
        Assert.Contains(text, Assert.Single(Read(WithFunction(setting)).Warnings).Text, StringComparison.Ordinal);
        Assert.Empty(Read(WithFunction($"{setting}, \"Hosting\": \"Process\"")).Warnings);
    }

    [Fact]
    public void Only_functions_of_this_process_share_their_variables()
    {
        const string Two = """
            { "Functions": {
                "A": { "CodeUri": "f", "Handler": "A::N.T::M", "Environment": { "Variables": { "MODE": "fast" } } },
                "B": { "CodeUri": "f", "Handler": "A::N.T::M", "Environment": { "Variables": { "MODE": "slow" } } HOSTING } } }
            """;

        Assert.Contains("\"Hosting\": \"Process\"", OnlyError(Two.Replace("HOSTING", "", StringComparison.Ordinal)).Text, StringComparison.Ordinal);
        RunnerConfiguration both = Valid(Two.Replace("HOSTING", ", \"Hosting\": \"Process\"", StringComparison.Ordinal));
        Assert.Equal(["fast", "slow"], both.Functions.Select(function => function.EnvironmentVariables["MODE"]));
    }

    [Theory]
    [InlineData("AWS_LAMBDA_FUNCTION_NAME", "InProcess")]
    [InlineData("AWS_LAMBDA_RUNTIME_API", "Process")]
    [InlineData("LAMBDA_TASK_ROOT", "Process")]
    [InlineData("AWS_REGION", "Process")]
    [InlineData("_HANDLER", "Process")]
    public void Names_that_Lambda_keeps_for_itself_are_refused(string name, string hosting) =>
        Assert.Equal(
            $"Functions.AccessLog.Environment.Variables.{name}",
            OnlyError(WithFunction($"\"Hosting\": \"{hosting}\", \"Environment\": {{ \"Variables\": {{ \"{name}\": \"x\" }} }}")).Path);

    [Theory]
    [InlineData("AWS_ACCESS_KEY_ID", "Process")]
    [InlineData("AWS_SESSION_TOKEN", "InProcess")]
    [InlineData("AWS_REGION", "InProcess")]
    public void What_a_role_gives_on_AWS_may_be_set_here_with_a_warning(string name, string hosting)
    {
        ConfigurationResult result = Read(WithFunction($"\"Hosting\": \"{hosting}\", \"Environment\": {{ \"Variables\": {{ \"{name}\": \"x\" }} }}"));

        Assert.Contains("AWS refuses it", Assert.Single(result.Warnings).Text, StringComparison.Ordinal);
        Assert.Equal("x", result.Configuration!.Functions[0].EnvironmentVariables[name]);
    }

    private static string Functions(string settings) => $$"""{ "Functions": { "AccessLog": { {{settings}} } } }""";
}
