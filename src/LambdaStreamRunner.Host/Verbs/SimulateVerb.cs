using System.CommandLine;
using LambdaStreamRunner.Simulation;
using LambdaStreamRunner.Simulation.Modelling;
using LambdaStreamRunner.Simulation.Traffic;

namespace LambdaStreamRunner.Host.Verbs;

/// <summary><c>simulate</c>: what one setting would do with a traffic and a function.</summary>
internal static class SimulateVerb
{
    public static Command Create()
    {
        var options = new SimulateOptions();
        var command = new Command("simulate", """
            Simulates one setting with the rules that the runner uses, polled as AWS polls: iterator age and latency and where it goes,
            concurrency and what binds it, batches, lanes, duplicates, discards, blocked time, cost. Nothing is started or invoked, unless
            --function is to be measured first.

            Exit codes: 0 done; 1 the setting does not keep up, records were discarded or left retention, or it was interrupted;
            2 wrong usage; 3 the function cannot be loaded.

            Examples:
              lambda-stream simulate --rate 500 --handler-model '20ms + 1ms/record' --set BatchSize=100 ParallelizationFactor=4
              lambda-stream simulate --trace access.csv --trace-speed 100 --function AccessLog --mapping AccessLog
              lambda-stream simulate --rate 800 --duration 30m --handler-model model.json --poison-rate 0.0001 --reshard 10m=4
            """);
        options.AddTo(command);
        command.SetAction((parsed, _) => new Simulate(options, parsed).RunAsync());
        return command;
    }
}

/// <summary>The command line of <c>simulate</c>.</summary>
internal sealed class SimulateOptions
{
    public TrafficOptions Traffic { get; } = new();

    public HandlerOptions Handler { get; } = new();

    public SettingOptions Setting { get; } = new();

    public PriceOptions Prices { get; } = new();

    public Option<string[]> Reshard { get; } = new("--reshard")
    {
        Description = "Change the number of shards while it runs, such as 10m=4; may be given several times.",
        HelpName = "TIME=SHARDS",
    };

    public Option<string> Timing { get; } = new("--timing")
    {
        Description = "From a put to the poller: as measured on AWS, or at once and polled from the beginning on, as this runner does it.",
        DefaultValueFactory = _ => "aws",
        HelpName = "aws|ideal",
    };

    public Option<string?> Retention { get; } = new("--retention") { Description = "How long the stream keeps records; 24h unless given.", HelpName = "TIME" };

    public Option<string?> WarmUp { get; } = new("--warm-up") { Description = "Leave so much of the beginning out of the figures.", HelpName = "TIME" };

    public Option<bool> Json { get; } = new("--json") { Description = "Print the result as one JSON document on standard output, everything else on standard error." };

    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[.. Traffic.All, .. Handler.All, .. Setting.All, .. Prices.All, Reshard, Timing, Retention, WarmUp, Json])
            command.Add(option);
    }

    /// <summary>What is wrong besides traffic, function, setting and prices, which say it themselves.</summary>
    public IEnumerable<string> Mistakes(ParseResult parsed)
    {
        foreach (string reshard in parsed.GetValue(Reshard) ?? [])
        {
            if (ReshardOf(reshard) is null)
                yield return $"--reshard is '{reshard}'; it takes a time and a number of shards from 1 to {ShardsMax}, such as 10m=4.";
        }
        foreach (Option<string?> option in (Option<string?>[])[Retention, WarmUp])
        {
            if (parsed.GetValue(option) is { } text && !DurationText.TryParse(text, out _))
                yield return $"{option.Name} is '{text}'; it takes {DurationText.Form}.";
        }
        if (TimingOf(parsed) is null)
            yield return $"--timing is '{parsed.GetValue(Timing)}'; it takes aws or ideal.";
        if (DurationOf(parsed, Retention) is { } kept && (kept < RetentionMin || kept > RetentionMax))
            yield return $"--retention is {parsed.GetValue(Retention)}; Kinesis keeps records for 24h to 365d.";
    }

    /// <summary>--timing; null when it is wrong.</summary>
    public StreamTiming? TimingOf(ParseResult parsed) => parsed.GetValue(Timing)!.ToUpperInvariant() switch
    {
        "AWS" => StreamTiming.Aws,
        "IDEAL" => StreamTiming.Ideal,
        _ => null,
    };

    /// <summary>Times that lie outside of the traffic, and would do nothing or leave nothing.</summary>
    public IEnumerable<string> MistakesBesides(ParseResult parsed, TimeSpan traffic)
    {
        foreach (string reshard in parsed.GetValue(Reshard) ?? [])
        {
            if (ReshardOf(reshard)!.Value.At > traffic)
                yield return $"--reshard is '{reshard}', and the traffic ends after {TimeText.Of(traffic)}; name a time before that.";
        }
        if (DurationOf(parsed, WarmUp) is { } warmUp && warmUp >= traffic)
            yield return $"--warm-up is '{parsed.GetValue(WarmUp)}', and the traffic ends after {TimeText.Of(traffic)}: no records would be left for the figures. Give less.";
    }

    /// <summary>The reshards in order of time.</summary>
    public IEnumerable<PlannedReshard> Reshards(ParseResult parsed) =>
        (parsed.GetValue(Reshard) ?? []).Select(text => ReshardOf(text)!.Value).OrderBy(reshard => reshard.At);

    /// <summary>The value of an option that is a time; null when it is not given.</summary>
    public static TimeSpan? DurationOf(ParseResult parsed, Option<string?> option) =>
        parsed.GetValue(option) is { } text && DurationText.TryParse(text, out TimeSpan duration) ? duration : null;

    private const int ShardsMax = 1_000;

    private static readonly TimeSpan RetentionMin = TimeSpan.FromHours(24);

    private static readonly TimeSpan RetentionMax = TimeSpan.FromDays(365);

    private static PlannedReshard? ReshardOf(string text)
    {
        string[] parts = text.Split('=', StringSplitOptions.TrimEntries);
        return parts.Length == 2 && DurationText.TryParse(parts[0], out TimeSpan at) && int.TryParse(parts[1], out int shards) && shards is >= 1 and <= ShardsMax
            ? new PlannedReshard(at, shards)
            : null;
    }
}
