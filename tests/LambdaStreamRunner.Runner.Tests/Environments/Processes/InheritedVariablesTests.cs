using LambdaStreamRunner.Runner.Environments.Processes;

namespace LambdaStreamRunner.Runner.Tests.Environments.Processes;

public sealed class InheritedVariablesTests
{
    [Theory]
    [InlineData("PATH")]
    [InlineData("HOME")]
    [InlineData("AWS_ACCESS_KEY_ID")]
    [InlineData("AWS_REGION")]
    [InlineData("https_proxy")]
    [InlineData("DOTNET_ROOT")]
    [InlineData("DOTNET_ROOT_X64")]
    [InlineData("DOTNET_SYSTEM_GLOBALIZATION_INVARIANT")]
    public void What_is_the_users_is_passed_on(string name) => Assert.Equal([name], Of(name));

    [Theory]
    [InlineData("DOTNET_STARTUP_HOOKS")]
    [InlineData("DOTNET_HOST_PATH")]
    [InlineData("DOTNET_LAUNCH_PROFILE")]
    [InlineData("DOTNET_WATCH_ITERATION")]
    [InlineData("DOTNET_MODIFIABLE_ASSEMBLIES")]
    [InlineData("MSBUILD_EXE_PATH")]
    [InlineData("MSBuildSDKsPath")]
    [InlineData("ASPNETCORE_URLS")]
    [InlineData("CORECLR_ENABLE_PROFILING")]
    [InlineData("AWS_LAMBDA_RUNTIME_API")]
    public void What_tells_how_this_program_was_started_is_not(string name) => Assert.Empty(Of(name));

    private static IEnumerable<string> Of(string name) => InheritedVariables.Of([KeyValuePair.Create(name, "value")]).Keys;
}
