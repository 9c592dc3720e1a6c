using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Simulation.Tuning;

namespace LambdaStreamRunner.Host.Tuning;

/// <summary>What <c>tune --check</c> reads: objectives, the settings that must keep them, and options of the command line that say which traffic and which function.</summary>
/// <param name="Objective">All objectives.</param>
/// <param name="Setting">The setting.</param>
/// <param name="Arguments">Options with their values, as they would be typed.</param>
/// <param name="Remark">What a simulation passes over in the mapping; null when there is nothing.</param>
internal sealed record ObjectiveFile(ServiceLevelObjective Objective, TunedSetting Setting, IReadOnlyList<(string Option, string[] Values)> Arguments, string? Remark)
{
    private static readonly string[] Names = ["$schema", "Objectives", "Config", "Mapping", "Settings", "Traffic", "Handler"];

    /// <summary>Options that name files: relative to the file that they stand in.</summary>
    private static readonly string[] Files = ["--trace", "--journal", "--config", "--handler-model"];

    /// <summary>Reads a file.</summary>
    /// <param name="file">Its name.</param>
    /// <param name="traffic">Options that its Traffic can have.</param>
    /// <param name="handler">Options that its Handler can have.</param>
    /// <param name="now">For the configuration that it may name.</param>
    /// <exception cref="FormatException">Something is wrong; the message says what, where and what is allowed.</exception>
    public static ObjectiveFile Read(string file, IEnumerable<Option> traffic, IEnumerable<Option> handler, DateTimeOffset now)
    {
        JsonElement root = StrictJson.Read(file);
        StrictJson.CheckNames(root, file, Names);
        string folder = Path.GetDirectoryName(Path.GetFullPath(file))!;
        string config = Path.Combine(folder, root.TryGetProperty("Config", out JsonElement named) ? TextOf(named, $"{file}: Config") : "runner.json");
        List<(string, string[])> arguments = [.. OptionsOf(root, "Traffic", file, folder, traffic), .. OptionsOf(root, "Handler", file, folder, handler)];
        if (arguments.Exists(argument => argument.Item1 == "--function") && !arguments.Exists(argument => argument.Item1 == "--config"))
            arguments.Add(("--config", [config]));
        return new ObjectiveFile(ObjectiveOf(root, file), SettingOf(root, file, config, now), arguments, root.TryGetProperty("Settings", out _) ? null : ConfiguredSetting.RemarkOn(config, MappingOf(root, file), now));
    }

    private static ServiceLevelObjective ObjectiveOf(JsonElement root, string file)
    {
        if (!root.TryGetProperty("Objectives", out JsonElement objectives) || objectives.ValueKind is not JsonValueKind.Array || objectives.GetArrayLength() == 0)
            throw new FormatException($"{file}: Objectives is missing; it is a list such as [\"iteratorAge.p99 < 2s\"].");
        return ServiceLevelObjective.Parse(string.Join(" and ", objectives.EnumerateArray().Select(one => TextOf(one, $"{file}: Objectives"))));
    }

    private static TunedSetting SettingOf(JsonElement root, string file, string config, DateTimeOffset now)
    {
        if (root.TryGetProperty("Settings", out JsonElement settings))
            return !root.TryGetProperty("Mapping", out _) ? InlineOf(settings, file) : throw new FormatException($"{file} has Mapping and Settings; leave the one that is meant.");
        if (!File.Exists(config) && !root.TryGetProperty("Config", out _))
            throw new FormatException($"{file} needs Settings, or a Config with the mapping.");
        try
        {
            return ConfiguredSetting.Read(config, MappingOf(root, file), now);
        }
        catch (FormatException wrong)
        {
            throw new FormatException($"{file} needs Settings, or a Config and a Mapping that can be simulated: {wrong.Message}");
        }
    }

    private static string? MappingOf(JsonElement root, string file) => root.TryGetProperty("Mapping", out JsonElement mapping) ? TextOf(mapping, $"{file}: Mapping") : null;

    private static TunedSetting InlineOf(JsonElement settings, string file)
    {
        string place = $"{file}: Settings";
        if (settings.ValueKind is not JsonValueKind.Object)
            throw new FormatException($"{place} is no object; it takes BatchSize, ParallelizationFactor and the others by AWS's names.");
        StrictJson.CheckNames(settings, place, [.. TuningKnob.All.Select(knob => knob.Name), "FunctionResponseTypes", "LanePolicy"]);
        // AWS's own defaults for what is left out.
        SettingGrid grid = TuningKnob.All.Aggregate(new SettingGrid(), (made, knob) => knob.With(made, [knob.ValueIn(new TunedSetting(1, new EventSourceMapping { Polling = PollingMode.Aws }))]));
        foreach (JsonProperty property in settings.EnumerateObject())
            grid = property.Name is "FunctionResponseTypes" or "LanePolicy" ? grid with { Base = Other(grid.Base, property, place) } : KnobOf(grid, property, place);
        return grid.Settings().Single();
    }

    private static SettingGrid KnobOf(SettingGrid grid, JsonProperty property, string place)
    {
        try
        {
            return TuningKnob.Named(property.Name).With(grid, [ValueOf(property.Value, $"{place}.{property.Name}")]);
        }
        catch (FormatException wrong)
        {
            throw new FormatException($"{place}: {wrong.Message}");
        }
    }

    private static EventSourceMapping Other(EventSourceMapping mapping, JsonProperty property, string place)
    {
        if (property.Name == "LanePolicy")
        {
            return Enum.TryParse(TextOf(property.Value, $"{place}.LanePolicy"), ignoreCase: true, out LanePolicy policy) && Enum.IsDefined(policy)
                ? mapping with { LanePolicy = policy }
                : throw new FormatException($"{place}: LanePolicy takes HashLanes or DynamicKeys.");
        }
        bool isKnown = property.Value.ValueKind is JsonValueKind.Array && property.Value.EnumerateArray().All(type => type.ValueKind is JsonValueKind.String && type.GetString() == nameof(FunctionResponseType.ReportBatchItemFailures));
        if (!isKnown)
            throw new FormatException($"{place}: FunctionResponseTypes takes [] or [\"ReportBatchItemFailures\"].");
        return mapping with { FunctionResponseTypes = property.Value.GetArrayLength() > 0 ? [FunctionResponseType.ReportBatchItemFailures] : [] };
    }

    /// <summary>Options by their names in capitals: TraceSpeed is --trace-speed.</summary>
    private static IEnumerable<(string Option, string[] Values)> OptionsOf(JsonElement root, string section, string file, string folder, IEnumerable<Option> options)
    {
        if (!root.TryGetProperty(section, out JsonElement given))
            yield break;
        if (given.ValueKind is not JsonValueKind.Object)
            throw new FormatException($"{file}: {section} is no object.");
        Dictionary<string, string> names = options.ToDictionary(option => NameOf(option.Name), option => option.Name);
        StrictJson.CheckNames(given, $"{file}: {section}", names.Keys);
        foreach (JsonProperty property in given.EnumerateObject())
        {
            string option = names[property.Name];
            string place = $"{file}: {section}.{property.Name}";
            string[] values = property.Value.ValueKind is JsonValueKind.Array ? [.. property.Value.EnumerateArray().Select(value => ValueOf(value, place))] : [ValueOf(property.Value, place)];
            yield return (option, Files.Contains(option) ? [.. values.Select(value => InFolder(option, value, folder))] : values);
        }
    }

    /// <summary>A handler model may be an expression, which is no file.</summary>
    private static string InFolder(string option, string value, string folder) =>
        option != "--handler-model" || File.Exists(Path.Combine(folder, value)) ? Path.Combine(folder, value) : value;

    private static string NameOf(string option) => string.Concat(option.TrimStart('-').Split('-').Select(word => char.ToUpperInvariant(word[0]) + word[1..]));

    private static string ValueOf(JsonElement value, string place) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Number => value.GetRawText(),
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        _ => throw new FormatException($"{place} is {value.ValueKind.ToString().ToLower(CultureInfo.InvariantCulture)}; it takes a text, a number, true or false."),
    };

    private static string TextOf(JsonElement value, string place) =>
        value.ValueKind is JsonValueKind.String ? value.GetString()! : throw new FormatException($"{place} is a text.");
}
