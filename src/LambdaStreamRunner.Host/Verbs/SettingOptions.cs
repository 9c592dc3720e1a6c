using System.CommandLine;
using System.Diagnostics.CodeAnalysis;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Host.Tuning;
using LambdaStreamRunner.Runner.Configuration;
using LambdaStreamRunner.Simulation.Tuning;

namespace LambdaStreamRunner.Host.Verbs;

/// <summary>The part of a command line that says which one setting is simulated: that of a mapping, AWS's defaults, and what is set besides.</summary>
internal sealed class SettingOptions
{
    public Option<string?> Mapping { get; } = new("--mapping")
    {
        Description = "Begin with the settings of a mapping of the configuration, by its name \"stream → function\" or its function; with AWS's defaults otherwise.",
        HelpName = "NAME",
    };

    public Option<string[]> Set { get; } = new("--set")
    {
        Description = "A setting by AWS's name, such as BatchSize=500; may be given several times. Settings: " + string.Join(", ", TuningKnob.All.Select(knob => knob.Name)) + ".",
        HelpName = "NAME=VALUE",
        AllowMultipleArgumentsPerToken = true,
    };

    public Option<bool> ReportsBatchItemFailures { get; } = new("--report-batch-item-failures") { Description = "The function reports which records failed (FunctionResponseTypes)." };

    public Option<LanePolicy?> LanePolicy { get; } = new("--lane-policy") { Description = "How keys get to lanes, which AWS does not publish; HashLanes unless the mapping says otherwise.", CustomParser = result => LanePolicyText.Parse(result), HelpName = "HashLanes|DynamicKeys" };

    public IEnumerable<Option> All => [Mapping, Set, ReportsBatchItemFailures, LanePolicy];

    /// <summary>The setting; false after the mistake.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="config">The configuration that has the mapping.</param>
    /// <param name="now">For the configuration.</param>
    /// <param name="setting">The setting.</param>
    /// <param name="mistake">What is wrong with it.</param>
    public bool TryRead(ParseResult parsed, string config, DateTimeOffset now, [NotNullWhen(true)] out TunedSetting? setting, [NotNullWhen(false)] out string? mistake)
    {
        (setting, mistake) = (null, null);
        try
        {
            TunedSetting begin = parsed.GetValue(Mapping) is { } name ? ConfiguredSetting.Read(config, name, now) : AwsDefaults;
            setting = Change(parsed, begin);
            return true;
        }
        catch (FormatException wrong)
        {
            mistake = wrong.Message;
            return false;
        }
    }

    /// <summary>What a simulation passes over in the mapping; null when there is nothing, or no mapping.</summary>
    public string? RemarkOn(ParseResult parsed, string config, DateTimeOffset now) => parsed.GetValue(Mapping) is { } name ? ConfiguredSetting.RemarkOn(config, name, now) : null;

    private static TunedSetting AwsDefaults => new(1, new EventSourceMapping { Polling = PollingMode.Aws });

    private TunedSetting Change(ParseResult parsed, TunedSetting setting)
    {
        foreach (string given in parsed.GetValue(Set) ?? [])
        {
            string[] parts = given.Split('=', 2, StringSplitOptions.TrimEntries);
            if (parts.Length != 2)
                throw new FormatException($"--set is '{given}'; it takes a setting and its value, such as BatchSize=500.");
            setting = TuningKnob.Named(parts[0]).With(setting, parts[1]);
        }
        EventSourceMapping mapping = setting.Mapping with { LanePolicy = parsed.GetValue(LanePolicy) ?? setting.Mapping.LanePolicy };
        if (parsed.GetValue(ReportsBatchItemFailures))
            mapping = mapping with { FunctionResponseTypes = [FunctionResponseType.ReportBatchItemFailures] };
        return setting with { Mapping = mapping };
    }
}
