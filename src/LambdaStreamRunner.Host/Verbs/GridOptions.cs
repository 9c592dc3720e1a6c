using System.CommandLine;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Simulation.Modelling;
using LambdaStreamRunner.Simulation.Tuning;

namespace LambdaStreamRunner.Host.Verbs;

/// <summary>The part of a command line that says which settings are searched.</summary>
internal sealed class GridOptions
{
    public Option<string> Shards { get; } = new("--shards") { Description = "Shards of the stream: a number, a range, or a list.", DefaultValueFactory = _ => "1", HelpName = "N|A-B|N,N" };

    public Option<string?> BatchSizes { get; } = new("--batch-sizes") { Description = "Values of BatchSize (13 from 1 to 10000 unless given).", HelpName = "N,N,..." };

    public Option<string?> Windows { get; } = new("--windows") { Description = "Values of MaximumBatchingWindowInSeconds (0,1,2,5,10,30,60,300 unless given).", HelpName = "S,S,..." };

    public Option<string?> Parallelization { get; } = new("--parallelization") { Description = "Values of ParallelizationFactor (1-10 unless given).", HelpName = "N|A-B|N,N" };

    public Option<string> Consumer { get; } = new("--consumer") { Description = "The consumer: with GetRecords, with enhanced fan-out, or whichever is better.", DefaultValueFactory = _ => "both", HelpName = "standard|efo|both" };

    public Option<string[]> Fix { get; } = new("--fix")
    {
        Description = "A knob that stays, or the values that it may have, by AWS's name: MaximumRetryAttempts=2,5. May be given several times.",
        HelpName = "KNOB=VALUE",
    };

    public Option<int?> MaxConcurrency { get; } = new("--max-concurrency") { Description = "Leave out settings that could run more invocations at once.", HelpName = "N" };

    public Option<bool> ReportsBatchItemFailures { get; } = new("--report-batch-item-failures") { Description = "The function reports which records failed (FunctionResponseTypes)." };

    public Option<LanePolicy> LanePolicy { get; } = new("--lane-policy") { Description = "How keys get to lanes, which AWS does not publish. The other one is looked at for the chosen setting.", CustomParser = LanePolicyText.Parse, HelpName = "HashLanes|DynamicKeys" };

    public IEnumerable<Option> All => [Shards, BatchSizes, Windows, Parallelization, Consumer, Fix, MaxConcurrency, ReportsBatchItemFailures, LanePolicy];

    /// <summary>The grid; false after the mistake.</summary>
    public bool TryRead(ParseResult parsed, FailureModel failures, [NotNullWhen(true)] out SettingGrid? grid, [NotNullWhen(false)] out string? mistake)
    {
        (grid, mistake) = (null, null);
        try
        {
            grid = Read(parsed, failures);
            _ = grid.Count;
            return true;
        }
        catch (FormatException wrong)
        {
            mistake = wrong.Message;
        }
        catch (OverflowException)
        {
            mistake = "There are too many combinations of settings; give fewer values.";
        }
        grid = null;
        return false;
    }

    private SettingGrid Read(ParseResult parsed, FailureModel failures)
    {
        SettingGrid grid = SettingGrid.For(failures);
        grid = grid with
        {
            Base = grid.Base with
            {
                LanePolicy = parsed.GetValue(LanePolicy),
                FunctionResponseTypes = parsed.GetValue(ReportsBatchItemFailures) ? [FunctionResponseType.ReportBatchItemFailures] : [],
            },
        };
        if (parsed.GetValue(MaxConcurrency) is < 1)
            throw new FormatException($"--max-concurrency is {parsed.GetValue(MaxConcurrency)}; it can be 1 or more.");
        string consumer = parsed.GetValue(Consumer)!;
        grid = TuningKnob.Consumer.With(grid, consumer.Equals("both", StringComparison.OrdinalIgnoreCase) ? [TuningKnob.Standard, TuningKnob.EnhancedFanOut] : [consumer]);
        foreach ((TuningKnob knob, string? values) in new[]
        {
            (TuningKnob.Shards, parsed.GetValue(Shards)), (TuningKnob.BatchSize, parsed.GetValue(BatchSizes)),
            (TuningKnob.Window, parsed.GetValue(Windows)), (TuningKnob.ParallelizationFactor, parsed.GetValue(Parallelization)),
        })
        {
            if (values is not null)
                grid = knob.With(grid, ValuesOf(values));
        }
        foreach (string fix in parsed.GetValue(Fix) ?? [])
        {
            string[] parts = fix.Split('=', 2, StringSplitOptions.TrimEntries);
            if (parts.Length != 2)
                throw new FormatException($"--fix is '{fix}'; it takes a knob and its value, such as MaximumRetryAttempts=2.");
            grid = TuningKnob.Named(parts[0]).With(grid, ValuesOf(parts[1]));
        }
        return grid;
    }

    /// <summary>"1,2,5" and "1-4"; what is no number is left for the knob to complain about.</summary>
    private static IEnumerable<string> ValuesOf(string text)
    {
        foreach (string part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            string[] ends = part.Split('-', StringSplitOptions.TrimEntries);
            if (ends.Length == 2 && Number(ends[0]) is { } from && Number(ends[1]) is { } to && from <= to && to - from <= TuningKnob.ShardsMax)
            {
                for (int value = from; value <= to; value++)
                    yield return value.ToString(CultureInfo.InvariantCulture);
            }
            else
            {
                yield return part;
            }
        }
    }

    private static int? Number(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;
}
