using System.Collections.Concurrent;
using System.Collections.Immutable;
using Amazon.Lambda.Core;
using LambdaStreamRunner.Functions.Invoking;
using LambdaStreamRunner.Runner.Configuration;
using LambdaStreamRunner.Runner.Invoking;

namespace LambdaStreamRunner.Runner.Tests.Invoking;

/// <summary>What a function of this process is told, and what is heard of it.</summary>
public sealed class FunctionCatalogTests : IDisposable
{
    private const string Variable = "AWS_LAMBDA_HANDLER_LOG_LEVEL";

    // Every level was heard in process, whatever the variables said.
    [Fact]
    public async Task Handlers_of_this_process_log_from_Information_on_unless_a_variable_names_another_level()
    {
        Assert.Equal(["Information"], await LevelsAsync());
        Assert.Equal(["Debug", "Information"], await LevelsAsync((Variable, "DEBUG")));
    }

    /// <summary>The tests share the variables of their process; others write and expect lines of Information only, which are heard all the time.</summary>
    public void Dispose() => Environment.SetEnvironmentVariable(Variable, null);

    private static async Task<IEnumerable<string>> LevelsAsync(params (string Name, string Value)[] variables)
    {
        void Talk(Greeting greeting, ILambdaContext context)
        {
            context.Logger.LogTrace("trace");
            context.Logger.LogDebug("debug");
            context.Logger.LogLine("line");
        }
        var heard = new ConcurrentQueue<FunctionLogLine>();
        await using var catalog = new FunctionCatalog(
            TimeProvider.System, new FunctionListener { LogLine = heard.Enqueue }, new Dictionary<string, Delegate> { ["Talking"] = Talk });
        var function = new FunctionConfiguration
        {
            Name = "Talking",
            Arn = "arn:aws:lambda:us-east-1:000000000000:function:Talking",
            CodeUri = "",
            Handler = "",
            EnvironmentVariables = variables.ToImmutableSortedDictionary(variable => variable.Name, variable => variable.Value),
        };

        IFunction loaded = await catalog.GetAsync(function, FunctionConfiguration.Latest, TestContext.Current.CancellationToken);
        await loaded.OpenLane().InvokeAsync("{}"u8.ToArray(), new FunctionInvocation(Guid.NewGuid(), function.Arn), TestContext.Current.CancellationToken);

        return heard.Select(line => line.Level);
    }

    /// <summary>The event.</summary>
    public sealed record Greeting(string? Name);
}
