using System.Collections.Immutable;
using System.CommandLine;
using System.Diagnostics.CodeAnalysis;
using LambdaStreamRunner.Host.Logs;
using LambdaStreamRunner.Runner.Configuration;
using LambdaStreamRunner.Runner.Debugging;
using LambdaStreamRunner.Runner.Input;
using LambdaStreamRunner.StreamServer.Storage;

namespace LambdaStreamRunner.Host.Verbs;

/// <summary>What a run shall do: file and command line together, known to fit each other.</summary>
internal sealed record RunPlan
{
    public required RunnerConfiguration Configuration { get; init; }

    public required int Port { get; init; }

    public required string Host { get; init; }

    public required ImmutableArray<string> AllowedHosts { get; init; }

    public required TlsCertificate? Tls { get; init; }

    public required double Speed { get; init; }

    public required Durability Durability { get; init; }

    public required ImmutableArray<InputConfiguration> Inputs { get; init; }

    public required bool UntilDrained { get; init; }

    public required TimeSpan? DrainTimeout { get; init; }

    /// <summary>The file that gets everything that happens; null for none.</summary>
    public required string? Journal { get; init; }

    public required LogFormat LogFormat { get; init; }

    /// <summary>True: the log tells of every invocation.</summary>
    public required bool HasReports { get; init; }

    /// <summary>Functions whose sources change are swapped.</summary>
    public required bool Watch { get; init; }

    /// <summary>The function that waits for a debugger; null for none.</summary>
    public required FunctionDebugging? Debugging { get; init; }

    public required bool Json { get; init; }

    public static bool TryMake(
        ParseResult parsed, RunOptions options, RunnerConfiguration configuration,
        [NotNullWhen(true)] out RunPlan? plan, [NotNullWhen(false)] out string? mistake)
    {
        plan = null;
        configuration = WithStorage(parsed, options, configuration);
        if (!TryFindInputs(parsed, options, configuration, out ImmutableArray<InputConfiguration> inputs, out mistake))
            return false;
        bool untilDrained = parsed.GetValue(options.UntilDrained);
        mistake = untilDrained ? WhyNeverDrained([.. configuration.Mappings], inputs, "the configuration has none") : null;
        if (parsed.GetValue(options.Fsync) && configuration.DataDirectory is null)
            mistake ??= "--fsync is about a data folder; name one with --data DIR.";
        FunctionDebugging? debugging = parsed.GetValue(options.Debug) is { } debugged ? new FunctionDebugging(debugged, parsed.GetValue(options.DebugPort)) : null;
        if (debugging?.MistakeIn(configuration) is { } refusal)
            mistake ??= $"--debug: {refusal}";
        if (mistake is not null || !TryFindCertificate(parsed, options, out TlsCertificate? tls, out mistake))
            return false;
        plan = new RunPlan
        {
            Configuration = configuration,
            Port = parsed.GetValue(options.Port),
            Host = parsed.GetValue(options.Host)!,
            AllowedHosts = [.. parsed.GetValue(options.AllowHost) ?? []],
            Tls = tls,
            Speed = parsed.GetValue(options.Speed),
            Durability = parsed.GetValue(options.Fsync) ? Durability.PowerCut : Durability.ProcessEnd,
            Inputs = inputs,
            UntilDrained = untilDrained,
            DrainTimeout = parsed.GetValue(options.DrainTimeout) is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
            Journal = parsed.GetValue(options.Journal) is { } journal ? Path.GetFullPath(journal) : null,
            LogFormat = RunOptions.LogFormatOf(parsed.GetValue(options.LogFormat)!)!.Value,
            HasReports = parsed.GetValue(options.Reports),
            Watch = parsed.GetValue(options.Watch),
            Debugging = debugging,
            Json = parsed.GetValue(options.Json),
        };
        return true;
    }

    private static RunnerConfiguration WithStorage(ParseResult parsed, RunOptions options, RunnerConfiguration configuration)
    {
        string? folder = parsed.GetValue(options.Data) is { } named ? Path.GetFullPath(named) : configuration.DataDirectory;
        return configuration with
        {
            DataDirectory = parsed.GetValue(options.InMemory) ? null : folder,
            HasLimits = RunOptions.LimitsOf(parsed.GetValue(options.Limits)!) is true,
            MemoryLimitMiB = parsed.GetValue(options.MemoryLimit) ?? configuration.MemoryLimitMiB,
        };
    }

    private static bool TryFindCertificate(
        ParseResult parsed, RunOptions options, out TlsCertificate? certificate, [NotNullWhen(false)] out string? mistake)
    {
        (certificate, mistake) = (null, null);
        string? file = parsed.GetValue(options.Certificate);
        return (file is null && !parsed.GetValue(options.Https))
            || TlsCertificate.TryLoad(file, TimeProvider.System.GetUtcNow(), out certificate, out mistake);
    }

    private static bool TryFindInputs(
        ParseResult parsed, RunOptions options, RunnerConfiguration configuration,
        out ImmutableArray<InputConfiguration> inputs, [NotNullWhen(false)] out string? mistake)
    {
        inputs = configuration.Input;
        mistake = null;
        if (parsed.GetValue(options.Input) is not { } file)
            return true;
        string name = parsed.GetValue(options.Stream)!;
        if (configuration.Streams.FirstOrDefault(stream => stream.Name == name || stream.Arn == name) is not { } target)
        {
            string known = string.Join(", ", configuration.Streams.Select(stream => $"'{stream.Name}'"));
            mistake = $"--stream is '{name}', which the configuration does not have. It has {(known.Length == 0 ? "no streams" : known)}.";
            return false;
        }
        if (target.IsRemote)
        {
            mistake = $"--stream is '{name}', which lives at {target.Endpoint}: run only reads it. Put records there, for instance with lambda-stream put --endpoint URL.";
            return false;
        }
        if (!PartitionKeyExpression.TryParse(parsed.GetValue(options.PartitionKey)!, out PartitionKeyExpression? key, out string? wrong))
        {
            mistake = $"--partition-key: {wrong}";
            return false;
        }
        if (!InputFile.CanRead(file, out mistake))
            return false;
        inputs = [new InputConfiguration(file, target, key)];
        return true;
    }

    /// <summary>Why a run until drained has nothing to wait for, with what the data folder made of the mappings; null when it has.</summary>
    public string? WhyNeverDrained(IReadOnlyList<MappingConfiguration> mappings) => UntilDrained
        ? WhyNeverDrained(mappings, Inputs, "none is after what the Lambda API disabled or deleted in the data folder: enable one over the API of a run without --until-drained, or edit its entry")
        : null;

    // Draining ends when mappings have settled everything: there must be one wherever records go.
    private static string? WhyNeverDrained(IReadOnlyList<MappingConfiguration> mappings, ImmutableArray<InputConfiguration> inputs, string absence)
    {
        if (!mappings.Any(mapping => mapping.IsEnabled))
            return $"--until-drained needs an enabled mapping, and {absence}.";
        foreach (InputConfiguration input in inputs)
        {
            if (!mappings.Any(mapping => mapping.IsEnabled && mapping.Stream.Name == input.Stream.Name))
                return $"--until-drained: no enabled mapping reads the stream '{input.Stream.Name}', so its records would never be settled.";
        }
        return null;
    }
}
