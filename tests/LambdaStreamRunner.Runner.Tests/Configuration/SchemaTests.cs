using System.Text.Json;
using LambdaStreamRunner.Runner.Configuration.Sections;

namespace LambdaStreamRunner.Runner.Tests.Configuration;

/// <summary>The published schema and the parser know the same names.</summary>
public class SchemaTests
{
    private static readonly JsonElement Schema = JsonDocument.Parse(File.ReadAllBytes(RepositoryFile.Path("config/runner.schema.json"))).RootElement;

    private static readonly Dictionary<string, SectionNames> Sections = new()
    {
        ["Stream"] = StreamsSection.Names,
        ["StreamModeDetails"] = StreamPropertiesSection.ModeNames,
        ["StreamEncryption"] = StreamPropertiesSection.EncryptionNames,
        ["Tag"] = StreamPropertiesSection.TagNames,
        ["Faults"] = FaultsSection.Names,
        ["Endpoints"] = EndpointsSection.Names,
        ["LifecycleDelays"] = LifecycleDelaysSection.Names,
        ["Function"] = FunctionsSection.Names,
        ["Environment"] = FunctionsSection.EnvironmentNames,
        ["LoggingConfig"] = LoggingSection.Names,
        ["Mapping"] = MappingsSection.Names,
        ["FilterCriteria"] = FilterSection.Names,
        ["Filter"] = FilterSection.FilterNames,
        ["DestinationConfig"] = DestinationSection.Names,
        ["OnFailure"] = DestinationSection.OnFailureNames,
        ["Runner"] = RunnerSection.Names,
        ["Input"] = InputSection.Names,
    };

    public static TheoryData<string> SectionsOfTheSchema => [.. Schema.GetProperty("$defs").EnumerateObject().Select(definition => definition.Name)];

    [Fact]
    public void It_is_a_schema_of_draft_2020_12() =>
        Assert.Equal("https://json-schema.org/draft/2020-12/schema", Schema.GetProperty("$schema").GetString());

    [Fact]
    public void It_describes_every_section_that_the_parser_reads() =>
        Assert.Equal(Sections.Keys.Order(), Schema.GetProperty("$defs").EnumerateObject().Select(definition => definition.Name).Order());

    [Fact]
    public void Its_top_level_names_are_the_parser_s() => Assert.Equal(RootSection.Names.Accepted.Order(), NamesOf(Schema));

    [Theory]
    [MemberData(nameof(SectionsOfTheSchema))]
    public void The_names_of_a_section_are_the_parser_s(string section) =>
        Assert.Equal(Sections[section].Accepted.Order(), NamesOf(Schema.GetProperty("$defs").GetProperty(section)));

    [Theory]
    [MemberData(nameof(SectionsOfTheSchema))]
    public void Names_that_the_parser_always_refuses_are_not_offered_and_those_with_harmless_values_are(string section)
    {
        foreach (RefusedSetting refused in Sections[section].Refused)
            Assert.Equal(refused.IsHarmless is not null, Sections[section].Accepted.Contains(refused.Name));
    }

    [Theory]
    [InlineData("Mapping", "BatchSize", "1..10000 = 100")]
    [InlineData("Mapping", "MaximumBatchingWindowInSeconds", "0..300 = 0")]
    [InlineData("Mapping", "ParallelizationFactor", "1..10 = 1")]
    [InlineData("Mapping", "MaximumRetryAttempts", "-1..10000 = -1")]
    [InlineData("Runner", "FiltersMax", "5..10 = 5")]
    [InlineData("Function", "Timeout", "1..900 = 3")]
    [InlineData("Function", "MemorySize", "128..10240 = 128")]
    [InlineData("Stream", "ShardCount", "1..100000 = 4")]
    [InlineData("Stream", "RetentionPeriodHours", "24..8760 = 24")]
    [InlineData("Stream", "MaxRecordSizeInKiB", "1024..10240 = 1024")]
    [InlineData("Faults", "ThrottleRate", "0..1 = 0")]
    [InlineData("Faults", "ErrorRate", "0..1 = 0")]
    [InlineData("Faults", "ExpiredIteratorRate", "0..1 = 0")]
    [InlineData("LifecycleDelays", "CreatingInSeconds", "0..3600 = 0")]
    [InlineData("LifecycleDelays", "UpdatingInSeconds", "0..3600 = 0")]
    [InlineData("LifecycleDelays", "DeletingInSeconds", "0..3600 = 0")]
    [InlineData("LifecycleDelays", "ConsumerCreatingInSeconds", "0..3600 = 0")]
    [InlineData("LifecycleDelays", "MappingChangingInSeconds", "0..3600 = 0")]
    public void Its_ranges_and_defaults_are_the_ones_that_errors_name(string section, string name, string range)
    {
        JsonElement setting = Schema.GetProperty("$defs").GetProperty(section).GetProperty("properties").GetProperty(name);

        Assert.Equal(range, $"{setting.GetProperty("minimum")}..{setting.GetProperty("maximum")} = {setting.GetProperty("default")}");
    }

    private static IEnumerable<string> NamesOf(JsonElement section)
    {
        Assert.False(section.GetProperty("additionalProperties").GetBoolean());
        return section.GetProperty("properties").EnumerateObject().Select(property => property.Name).Order();
    }
}
