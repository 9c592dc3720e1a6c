using System.Collections.Immutable;
using LambdaStreamRunner.Runner.Configuration.Syntax;
using LambdaStreamRunner.Runner.Input;

namespace LambdaStreamRunner.Runner.Configuration.Sections;

/// <summary>Reads <c>Input</c>: files that <c>run</c> puts at its start.</summary>
internal static class InputSection
{
    public static readonly SectionNames Names = new("an input", ["File", "Stream", "PartitionKey"], []);

    public static ImmutableArray<InputConfiguration> Read(JsonValue.Array? at, ImmutableArray<StreamConfiguration> streams, Reading reading)
    {
        var inputs = ImmutableArray.CreateBuilder<InputConfiguration>();
        foreach (Section section in at?.Sections(Names, reading.Problems) ?? [])
        {
            string? file = File(section, reading);
            StreamConfiguration? stream = Stream(section, streams, reading);
            PartitionKeyExpression? partitionKey = PartitionKey(section, reading.Problems);
            if (file is not null && stream is not null && partitionKey is not null)
                inputs.Add(new InputConfiguration(file, stream, partitionKey));
        }
        return inputs.ToImmutable();
    }

    private static string? File(Section section, Reading reading) =>
        section.RequiredText("File", "name a file relative to this one.") is string written
            ? reading.PathOf(section.Find("File")!, written, NamedFileKind.Input)
            : null;

    private static StreamConfiguration? Stream(Section section, ImmutableArray<StreamConfiguration> streams, Reading reading) =>
        section.RequiredText("Stream", "name a stream of Streams.") is string written
            ? StreamsSection.ResolveEmbedded(section.Find("Stream")!, written, streams, reading)
            : null;

    private static PartitionKeyExpression? PartitionKey(Section section, Problems problems)
    {
        const string Advice = "write a JSON path as $.user.id, a regular expression as /^(\\S+)/, or the key itself.";
        if (section.RequiredText("PartitionKey", Advice) is not string written)
            return null;
        if (!PartitionKeyExpression.TryParse(written, out PartitionKeyExpression? expression, out string? mistake))
            problems.Error(section.Find("PartitionKey")!, $"is \"{written}\": {mistake}");
        return expression;
    }
}
