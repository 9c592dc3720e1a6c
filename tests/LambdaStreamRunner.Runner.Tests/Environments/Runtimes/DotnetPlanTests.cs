using LambdaStreamRunner.Core.Streams;
using LambdaStreamRunner.Functions;
using LambdaStreamRunner.Functions.Building;
using LambdaStreamRunner.Runner.Configuration;
using LambdaStreamRunner.Runner.Environments;
using LambdaStreamRunner.Runner.Environments.Runtimes;

namespace LambdaStreamRunner.Runner.Tests.Environments.Runtimes;

/// <summary>What is started for a function in .NET.</summary>
public sealed class DotnetPlanTests : IDisposable
{
    private static readonly string ShopHandler = $"Shop::{typeof(DotnetPlanTests).FullName}::{nameof(Dispose)}";

    private readonly CodeFolder _code = new();

    public void Dispose() => _code.Dispose();

    [Fact]
    public async Task A_class_library_runs_in_the_function_host()
    {
        string assembly = typeof(DotnetPlanTests).Assembly.Location;
        FunctionConfiguration function = _code.Function(null, $"LambdaStreamRunner.Core::{typeof(SequenceNumber).FullName}::{nameof(SequenceNumber.ToString)}") with { CodeUri = Path.GetDirectoryName(assembly)! };

        EnvironmentPlan plan = await Plan(function);

        Assert.Equal(new FunctionBuild().DotnetCommand, plan.Command);
        Assert.Equal(
            [
                "exec", "--roll-forward", "LatestMajor", "--runtimeconfig", RuntimeFile("LambdaStreamRunner.FunctionHost.runtimeconfig.json"), "--depsfile", RuntimeFile("LambdaStreamRunner.FunctionHost.deps.json"),
                RuntimeFile("LambdaStreamRunner.FunctionHost.dll"), Path.Combine(function.CodeUri, "LambdaStreamRunner.Core.dll"),
            ],
            plan.Arguments);
        Assert.Equal("C000000", plan.Variables["DOTNET_GCHeapHardLimit"]);
        Assert.Equal($"AWS_Lambda_dotnet{Environment.Version.Major}", plan.Variables["AWS_EXECUTION_ENV"]);
        Assert.Equal("1", plan.Debugger!.Variables["LAMBDA_STREAM_WAIT_FOR_DEBUGGER"]);
    }

    [Theory]
    [InlineData("""{"runtimeOptions":{"tfm":"net10.0","framework":{"name":"Microsoft.NETCore.App","version":"10.0.0"}}}""", true)]
    [InlineData("""{"runtimeOptions":{"tfm":"net8.0","frameworks":[{"name":"Microsoft.NETCore.App","version":"8.0.0"},{"name":"Microsoft.AspNetCore.App","version":"8.0.0"}]}}""", true)]
    [InlineData("""{"runtimeOptions":{"tfm":"net10.0","includedFrameworks":[{"name":"Microsoft.NETCore.App","version":"10.0.0"}]}}""", false)]
    public async Task A_library_has_the_frameworks_that_it_names_unless_it_was_published_with_its_own(string configuration, bool isUsed)
    {
        string own = _code.Write("Shop.runtimeconfig.json", configuration);
        WriteLibrary();

        EnvironmentPlan plan = await Plan(_code.Function("dotnet8", ShopHandler));

        Assert.Equal(isUsed, plan.Arguments.Contains(own));
    }

    [Fact]
    public async Task Copies_of_events_are_no_large_objects_which_cost_a_collection_of_everything()
    {
        WriteLibrary();

        EnvironmentPlan plan = await Plan(_code.Function("dotnet10", ShopHandler));

        Assert.Equal("200000", plan.Variables["DOTNET_GCLOHThreshold"]);
        Assert.Equal("800000", plan.Variables["DOTNET_GCgen0size"]);
    }

    [Fact]
    public async Task What_a_function_itself_calls_a_large_object_stays_one()
    {
        _code.Write("Shop.runtimeconfig.json", """{"runtimeOptions":{"framework":{"name":"Microsoft.NETCore.App","version":"10.0.0"},"configProperties":{"System.GC.LOHThreshold":120000}}}""");
        WriteLibrary();

        EnvironmentPlan plan = await Plan(_code.Function("dotnet10", ShopHandler));

        Assert.DoesNotContain("DOTNET_GCLOHThreshold", plan.Variables);
    }

    [Theory]
    [InlineData("""{"runtimeOptions":""")]
    [InlineData("""{"runtimeOptions":7}""")]
    [InlineData("""[]""")]
    public async Task A_runtimeconfig_that_cannot_be_read_is_named(string configuration)
    {
        string own = _code.Write("Shop.runtimeconfig.json", configuration);
        WriteLibrary();

        FunctionLoadException refused = await Assert.ThrowsAsync<FunctionLoadException>(() => Plan(_code.Function("dotnet10", ShopHandler)));

        Assert.StartsWith($"'{own}' cannot be read: ", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Shop::LambdaStreamRunner.Runner.Tests.Environments.Runtimes.DotnetPlansTests::Dispose", "the assembly 'Shop' has no type 'LambdaStreamRunner.Runner.Tests.Environments.Runtimes.DotnetPlansTests'. Did you mean 'LambdaStreamRunner.Runner.Tests.Environments.Runtimes.DotnetPlanTests'?")]
    [InlineData("Shop::LambdaStreamRunner.Runner.Tests.Environments.Runtimes.DotnetPlanTests::Despose", "has no method 'Despose'. Did you mean 'Dispose'? Its public methods are ")]
    public async Task A_handler_that_is_not_in_its_library_is_refused_before_anything_runs(string handler, string sentence)
    {
        WriteLibrary();

        FunctionLoadException refused = await Assert.ThrowsAsync<FunctionLoadException>(() => Plan(_code.Function("dotnet10", handler)));

        Assert.StartsWith($"Handler '{handler}': ", refused.Message, StringComparison.Ordinal);
        Assert.Contains(sentence, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_is_executed_by_itself()
    {
        string assembly = typeof(DotnetPlanTests).Assembly.Location;
        FunctionConfiguration function = _code.Function("dotnet10", Path.GetFileNameWithoutExtension(assembly)) with { CodeUri = Path.GetDirectoryName(assembly)! };

        EnvironmentPlan plan = await Plan(function);

        Assert.Equal(["exec", assembly], plan.Arguments);
        Assert.Null(plan.Debugger);
    }

    [Fact]
    public async Task A_program_that_brings_its_runtime_needs_no_dotnet()
    {
        string program = _code.Write(OperatingSystem.IsWindows() ? "Shop.exe" : "Shop", "");

        EnvironmentPlan plan = await EnvironmentPlans.OfAsync(_code.Function("dotnet10", "Shop"), new FunctionBuild { DotnetCommand = "no-dotnet" }, TestContext.Current.CancellationToken);

        Assert.Equal(program, plan.Command);
        Assert.Empty(plan.Arguments);
    }

    private void WriteLibrary() => File.Copy(typeof(DotnetPlanTests).Assembly.Location, _code.PathOf("Shop.dll"));

    private static Task<EnvironmentPlan> Plan(FunctionConfiguration function) => EnvironmentPlans.OfAsync(function, new FunctionBuild(), TestContext.Current.CancellationToken);

    private static string RuntimeFile(string name) => Path.Combine(AppContext.BaseDirectory, "lambda-runtimes", "dotnet", name);
}
