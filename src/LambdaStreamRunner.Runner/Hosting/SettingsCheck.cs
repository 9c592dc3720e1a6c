using System.Collections.Immutable;
using System.Net;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Runner.Aws;
using LambdaStreamRunner.Runner.Configuration;
using LambdaStreamRunner.Runner.Configuration.Sections;

namespace LambdaStreamRunner.Runner.Hosting;

/// <summary>Holds settings that were given in code to the ranges that a configuration file is held to.</summary>
/// <remarks>One difference: a Timeout may have parts of a second, so that tests of slow handlers need not wait.</remarks>
internal sealed class SettingsCheck
{
    private readonly ImmutableArray<ConfigurationProblem>.Builder _problems = ImmutableArray.CreateBuilder<ConfigurationProblem>();

    /// <summary>Every mistake; empty when the runner may start.</summary>
    public static ImmutableArray<ConfigurationProblem> MistakesIn(StreamRunnerOptions options, DateTimeOffset now)
    {
        var check = new SettingsCheck();
        check.Check(options);
        foreach ((string name, TimeSpan delay) in options.Configuration.LifecycleDelays.Named)
            check.Require(
                delay >= TimeSpan.Zero && delay <= TimeSpan.FromSeconds(LifecycleDelays.SecondsMax),
                $"LifecycleDelays.{name}", $"is {Seconds(delay)}; it can be 0 to {LifecycleDelays.SecondsMax}.");
        check.CheckConcurrency(options.Configuration);
        foreach (StreamConfiguration stream in options.Configuration.Streams)
            check.Check(stream);
        foreach (FunctionConfiguration function in options.Configuration.Functions)
            check.Check(function, isDelegate: options.Handlers.ContainsKey(function.Name));
        foreach ((int index, MappingConfiguration mapping) in options.Configuration.Mappings.Index())
            check.Check($"EventSourceMappings[{index}]", mapping, options.Configuration.Mappings.Take(index), now);
        return check._problems.ToImmutable();
    }

    private void Check(StreamRunnerOptions options)
    {
        Require(options.Port is null or (>= 0 and <= 65_535), nameof(options.Port), $"is {options.Port}; it can be 0 to 65535.");
        bool isAddress = options.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || IPAddress.TryParse(options.Host, out _);
        Require(isAddress, nameof(options.Host), $"is '{options.Host}'; it must be an IP address, or localhost.");
        Require(
            options.Speed == 1 || !options.Configuration.Streams.Any(stream => stream.IsRemote),
            nameof(options.Speed), $"is {options.Speed}; streams with an Endpoint have the time of the world. Leave it out, or read embedded streams only.");
        Require(options.Debugging?.MistakeIn(options.Configuration) is null, nameof(options.Debugging), $"is refused: {options.Debugging?.MistakeIn(options.Configuration)}");
        Require(options.StopTimeout is null || options.StopTimeout >= TimeSpan.Zero, nameof(options.StopTimeout), $"is {options.StopTimeout}; it cannot be negative.");
    }

    private void CheckConcurrency(RunnerConfiguration configuration)
    {
        RequireRange(nameof(configuration.ConcurrentExecutions), configuration.ConcurrentExecutions, 1, RunnerConfiguration.ConcurrentExecutionsMax);
        long reserved = configuration.Functions.Sum(function => (long)(function.ReservedConcurrentExecutions ?? 0));
        Require(
            reserved <= configuration.ConcurrentExecutions,
            nameof(configuration.Functions), $"reserve {reserved} executions, more than the account's {configuration.ConcurrentExecutions}. Lower ReservedConcurrentExecutions, or raise ConcurrentExecutions.");
    }

    private void Check(StreamConfiguration stream)
    {
        string path = $"Streams.{stream.Name}";
        Require(StreamArn.IsName(stream.Name), path, "is not a stream's name; use 1 to 128 letters, digits, '_', '.' and '-'.");
        Require(
            stream.ShardCount is >= 1 and <= StreamConfiguration.ShardCountMax,
            $"{path}.ShardCount", $"is {stream.ShardCount}; it can be 1 to {StreamConfiguration.ShardCountMax}.");
        Require(stream.Endpoint is null || AwsEndpoint.IsValid(stream.Endpoint), $"{path}.Endpoint", $"is '{stream.Endpoint}'; it can be aws, or an http or https address.");
        foreach ((string name, string text) in stream.Mistakes())
            Require(false, $"{path}.{name}", text);
        foreach ((string name, string text) in stream.Faults?.Mistakes() ?? [])
            Require(false, $"{path}.Faults.{name}", text);
    }

    private void Check(FunctionConfiguration function, bool isDelegate)
    {
        string path = $"Functions.{function.Name}";
        Require(FunctionArn.IsName(function.Name), path, "is not a function's name; use 1 to 64 letters, digits, '_' and '-'.");
        Require(function.ReservedConcurrentExecutions is null or >= 0, $"{path}.ReservedConcurrentExecutions", $"is {function.ReservedConcurrentExecutions}; it can be 0 or more.");
        bool isInRange = function.Timeout > TimeSpan.Zero && function.Timeout <= TimeSpan.FromSeconds(FunctionConfiguration.TimeoutSecondsMax);
        Require(isInRange, $"{path}.Timeout", $"is {Seconds(function.Timeout)} s; it must be above 0, and at most {FunctionConfiguration.TimeoutSecondsMax} s.");
        if (isDelegate)
        {
            Require(function.Hosting is FunctionHosting.InProcess, $"{path}.Hosting", $"is {function.Hosting}, but its handler is a delegate, which runs in this process.");
            return;
        }
        Require(function.CodeUri.Length > 0 || !FunctionRules.NeedsCode(function.Hosting), $"{path}.CodeUri", $"is missing; {FunctionRules.CodeUriAdvice(function.Runtime)}");
        Require(function.Handler.Length > 0 || !FunctionRules.NeedsHandler(function.Hosting, function.Runtime), $"{path}.Handler", $"is missing; {FunctionRules.HandlerAdvice(function.Runtime)}");
        foreach ((string name, string text) in FunctionRules.MistakesOf(function))
            Require(false, $"{path}.{name}", text);
    }

    private void Check(string path, MappingConfiguration mapping, IEnumerable<MappingConfiguration> before, DateTimeOffset now)
    {
        foreach ((string setting, string text) in EventSourceMappingRules.MistakesIn(mapping.Settings, now))
            Require(false, $"{path}.{setting}", text);
        Require(
            !mapping.HasConsumer || (StreamArn.TryGetConsumer(mapping.SourceArn, out string? streamArn, out _, out _) && streamArn == mapping.Stream.Arn),
            $"{path}.EventSourceArn", $"is {mapping.SourceArn}; it can be {mapping.Stream.Arn}, or a consumer of it: {mapping.Stream.Arn}/consumer/NAME:CREATED.");
        Require(
            !before.Any(other => other.Name == mapping.Name), path, $"maps {mapping.Name} a second time. Change the first one, and remove this one.");
    }

    private void RequireRange(string path, int value, int min, int max) =>
        Require(value >= min && value <= max, path, $"is {value}; AWS takes {min} to {max}.");

    private void Require(bool isRight, string path, string text)
    {
        if (!isRight)
            _problems.Add(new ConfigurationProblem(path, Line: null, text));
    }

    private static string Seconds(TimeSpan time) => FormattableString.Invariant($"{time.TotalSeconds:0.#######}");
}
