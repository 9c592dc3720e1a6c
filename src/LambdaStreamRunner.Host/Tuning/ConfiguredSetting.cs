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
            return new TunedSetting(found[0].Stream.ShardCount, found[0].Settings with { Polling = found[0].HasConsumer ? PollingMode.Push : PollingMode.Aws });
        string there = string.Join(", ", read.Configuration.Mappings.Select(mapping => $"\"{mapping.Name}\""));
        throw new FormatException(name is null
            ? $"{config} has {Terminal.Figures.Some(read.Configuration.Mappings.Length, "mapping")}; name one of them: {there}."
            : $"'{name}' is {(found.Length == 0 ? "no mapping" : "several mappings")} of {config}; it has {there}.");
    }

    private static bool IsCalled(MappingConfiguration mapping, string name) =>
        name.Equals(mapping.Name, StringComparison.OrdinalIgnoreCase) || name.Equals(mapping.Function.Name, StringComparison.OrdinalIgnoreCase);
}
