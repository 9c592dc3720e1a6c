using System.Text;
using LambdaStreamRunner.Runner.Configuration;

namespace LambdaStreamRunner.Runner.Tests.Configuration;

/// <summary>Small configurations for tests: one stream, one function, one mapping, and what a test adds to them.</summary>
internal static class ConfigurationText
{
    public const string Folder = "/projects/shop/config";

    /// <summary>An odd moment, so that no test passes by being at midnight.</summary>
    public static readonly DateTimeOffset Now = new(2026, 9, 19, 9, 8, 50, 517, TimeSpan.Zero);

    public const string Function = """ "CodeUri": "../f", "Handler": "A::N.T::M" """;

    public static string WithMapping(string extra, string position = "\"TRIM_HORIZON\"") => $$"""
        { "Streams": { "clicks": { "ShardCount": 2 } },
          "Functions": { "AccessLog": { {{Function}} } },
          "EventSourceMappings": [ { "EventSourceArn": "clicks", "FunctionName": "AccessLog", "StartingPosition": {{position}}
            {{(extra.Length > 0 ? "," + extra : "")}} } ] }
        """;

    public static string WithFunction(string extra) => $$"""{ "Functions": { "AccessLog": { {{Function}}, {{extra}} } } }""";

    public static string WithStream(string body) => $$"""{ "Streams": { "clicks": { {{body}} } } }""";

    public static ConfigurationResult Read(string json, ConfigurationOverrides? overrides = null) =>
        ConfigurationFile.Parse(Encoding.UTF8.GetBytes(json), Folder, overrides ?? ConfigurationOverrides.None, Now);

    public static RunnerConfiguration Valid(string json, ConfigurationOverrides? overrides = null)
    {
        ConfigurationResult result = Read(json, overrides);
        Assert.Empty(result.Errors);
        return result.Configuration!;
    }

    /// <summary>The only error, which also means that there is no model.</summary>
    public static ConfigurationProblem OnlyError(string json)
    {
        ConfigurationResult result = Read(json);
        Assert.Null(result.Configuration);
        return Assert.Single(result.Errors);
    }
}
