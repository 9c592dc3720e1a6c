using System.Collections.Immutable;
using System.Text.RegularExpressions;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Runner.Configuration.Syntax;

namespace LambdaStreamRunner.Runner.Configuration.Sections;

/// <summary>Reads the file from its top.</summary>
internal static partial class RootSection
{
    public static readonly SectionNames Names = new(
        "the configuration",
        ["$schema", "Region", "AccountId", "Streams", "Functions", "EventSourceMappings", "Input", "DataDirectory", "MemoryLimitMiB", "ConcurrentExecutions", "LifecycleDelays", "Endpoints"],
        []);

    public static RunnerConfiguration Read(JsonValue.Object at, Reading reading)
    {
        var section = new Section(at, Names, reading.Problems);
        section.Text("$schema");
        ReadOwner(section, reading);
        reading.Endpoints = EndpointsSection.Read(section.Object("Endpoints"), reading.Problems);

        ImmutableArray<StreamConfiguration> streams = StreamsSection.Read(section.Object("Streams"), reading);
        ImmutableArray<FunctionConfiguration> functions = FunctionsSection.Read(section.Object("Functions"), reading);
        int executions = section.Integer(
            "ConcurrentExecutions", RunnerConfiguration.ConcurrentExecutionsDefault, 1, RunnerConfiguration.ConcurrentExecutionsMax);
        if (functions.Sum(function => (long)(function.ReservedConcurrentExecutions ?? 0)) is long reserved && reserved > executions)
            reading.Problems.Error(section.Find("Functions")!, $"reserve {reserved} executions, more than the account's {executions}. Lower ReservedConcurrentExecutions, or raise ConcurrentExecutions.");
        return new RunnerConfiguration
        {
            ConcurrentExecutions = executions,
            Region = reading.Region,
            AccountId = reading.AccountId,
            DataDirectory = ReadDataDirectory(section, reading),
            MemoryLimitMiB = ReadMemoryLimit(section, reading),
            LifecycleDelays = LifecycleDelaysSection.Read(section.Object("LifecycleDelays"), reading),
            Polling = reading.Overrides.Polling ?? PollingMode.Eager,
            Endpoints = reading.Endpoints,
            Streams = streams,
            Functions = functions,
            Mappings = MappingsSection.Read(section.List("EventSourceMappings"), streams, functions, reading),
            Input = InputSection.Read(section.List("Input"), streams, reading),
        };
    }

    private static string? ReadDataDirectory(Section section, Reading reading)
    {
        if (section.Text("DataDirectory") is not string written)
            return null;
        if (written.Length > 0)
            return reading.PathOf(section.Find("DataDirectory")!, written, NamedFileKind.Data);
        reading.Problems.Error(section.Find("DataDirectory")!, "is empty; name a folder relative to this file, or leave it out to keep streams in memory.");
        return null;
    }

    private static int ReadMemoryLimit(Section section, Reading reading)
    {
        if (section.WholeNumber("MemoryLimitMiB") is not long limit)
            return RunnerConfiguration.MemoryLimitMiBDefault;
        if (limit is >= 1 and <= RunnerConfiguration.MemoryLimitMiBMax)
            return (int)limit;
        reading.Problems.Error(section.Find("MemoryLimitMiB")!, $"is {limit}; it can be 1 to {RunnerConfiguration.MemoryLimitMiBMax}.");
        return RunnerConfiguration.MemoryLimitMiBDefault;
    }

    private static void ReadOwner(Section section, Reading reading)
    {
        if (section.Text("Region") is string region)
        {
            if (!RegionName().IsMatch(region))
                reading.Problems.Error(section.Find("Region")!, $"is \"{region}\"; write a region of AWS, as eu-central-1.");
            reading.Region = region;
        }
        if (section.Text("AccountId") is string accountId)
        {
            if (!TwelveDigits().IsMatch(accountId))
                reading.Problems.Error(section.Find("AccountId")!, $"is \"{accountId}\"; write twelve digits in quotes.");
            reading.AccountId = accountId;
        }
    }

    [GeneratedRegex(@"^[a-z]{2,}(-[a-z]+)+-[0-9]+\z")]
    private static partial Regex RegionName();

    [GeneratedRegex(@"^[0-9]{12}\z")]
    private static partial Regex TwelveDigits();
}
