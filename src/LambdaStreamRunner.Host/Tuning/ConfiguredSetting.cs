using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Runner.Configuration;
using LambdaStreamRunner.Simulation.Tuning;

namespace LambdaStreamRunner.Host.Tuning;

/// <summary>The settings of a mapping as the configuration has it, to be simulated: read as AWS reads, whatever <c>run</c> does with it.</summary>
internal static class ConfiguredSetting
{
    /// <summary>Reads it.</summary>
    /// <param name="config">The configuration file.</param>
    /// <param name="name">"stream → function", or the function; null when the file has one mapping.</param>
    /// <param name="now">For what the file says about times.</param>
    /// <exception cref="FormatException">The file is wrong, or the name is of none or several of its mappings.</exception>
    public static TunedSetting Read(string config, string? name, DateTimeOffset now)
    {
        ConfigurationResult read = ConfigurationFile.Read(config, ConfigurationOverrides.None, now);
        if (!read.IsValid)
            throw new FormatException($"{config} has {Terminal.Figures.Some(read.Errors.Length, "mistake")}, first: {read.Errors[0]}");
        MappingConfiguration[] found = [.. read.Configuration.Mappings.Where(mapping => name is null || IsCalled(mapping, name))];
        if (found.Length == 1)
            return WhyNot(found[0].Settings) is { } why ? throw new FormatException($"{config}: the mapping \"{found[0].Name}\" {why}") : new TunedSetting(found[0].Stream.ShardCount, found[0].Settings with { Polling = found[0].HasConsumer ? PollingMode.Push : PollingMode.Aws });
        string there = string.Join(", ", read.Configuration.Mappings.Select(mapping => $"\"{mapping.Name}\""));
        throw new FormatException(name is null
            ? $"{config} has {Terminal.Figures.Some(read.Configuration.Mappings.Length, "mapping")}; name one of them: {there}."
            : $"'{name}' is {(found.Length == 0 ? "no mapping" : "several mappings")} of {config}; it has {there}.");
    }

    /// <summary>What is said about a mapping whose state a simulation does not heed; null when there is nothing to say.</summary>
    /// <inheritdoc cref="Read"/>
    public static string? RemarkOn(string config, string? name, DateTimeOffset now)
    {
        if (ConfigurationFile.Read(config, ConfigurationOverrides.None, now) is not { IsValid: true } read)
            return null;
        MappingConfiguration[] found = [.. read.Configuration.Mappings.Where(mapping => name is null || IsCalled(mapping, name))];
        if (found is not [var mapping])
            return null;
        List<string> passedOver = [];
        if (!mapping.IsEnabled)
            passedOver.Add("is disabled");
        if (mapping.Settings.StartingPosition is not StartingPosition.TrimHorizon)
            passedOver.Add($"starts at {(mapping.Settings.StartingPosition is StartingPosition.Latest ? "LATEST" : "AT_TIMESTAMP")}");
        return passedOver.Count == 0 ? null : $"The mapping \"{mapping.Name}\" {string.Join(" and ", passedOver)}; it is simulated as enabled, from the first record of the traffic on.";
    }

    private static string? WhyNot(EventSourceMapping mapping)
    {
        if (mapping.FilterCriteria.Filters.Length > 0)
            return "has FilterCriteria, which look into records, and traffic has only their times, keys and sizes. Simulate it without them, with traffic that holds only what passes them.";
        return mapping.TumblingWindow > TimeSpan.Zero
            ? "has a TumblingWindowInSeconds, which needs the state of the function, and a simulation invokes none. Simulate it without."
            : null;
    }

    private static bool IsCalled(MappingConfiguration mapping, string name) =>
        name.Equals(mapping.Name, StringComparison.OrdinalIgnoreCase) || name.Equals(mapping.Function.Name, StringComparison.OrdinalIgnoreCase);
}
