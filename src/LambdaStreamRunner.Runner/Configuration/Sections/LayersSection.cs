using System.Collections.Immutable;
using LambdaStreamRunner.Runner.Configuration.Syntax;

namespace LambdaStreamRunner.Runner.Configuration.Sections;

/// <summary>Reads <c>Layers</c> of a function: folders with what AWS would find under /opt.</summary>
internal static class LayersSection
{
    /// <summary>Most layers of a function.</summary>
    /// <remarks>AWS: <see href="https://docs.aws.amazon.com/lambda/latest/dg/chapter-layers.html"/>.</remarks>
    public const int LayersMax = 5;

    private const string Advice = "name a folder with its content, relative to this file.";

    public static ImmutableArray<string> Read(Section section, Reading reading)
    {
        if (section.List("Layers") is not JsonValue.Array list)
            return [];
        if (list.Items.Length > LayersMax)
            reading.Problems.Error(list, $"has {list.Items.Length} layers; AWS takes {LayersMax}. Remove some.");
        return [.. list.Items.Select(item => PathOf(item, reading)).OfType<string>()];
    }

    private static string? PathOf(JsonValue item, Reading reading)
    {
        if (item is not JsonValue.Text { Value: string written })
        {
            reading.Problems.Error(item, $"is {item.Quoted}; {Advice}");
            return null;
        }
        if (written.StartsWith("arn:", StringComparison.OrdinalIgnoreCase) || written.Contains("://", StringComparison.Ordinal))
        {
            reading.Problems.Error(item, $"is \"{written}\": layers are not downloaded; {Advice}");
            return null;
        }
        if (written.Length == 0)
        {
            reading.Problems.Error(item, $"is empty; {Advice}");
            return null;
        }
        return reading.PathOf(item, written, NamedFileKind.Layer);
    }
}
