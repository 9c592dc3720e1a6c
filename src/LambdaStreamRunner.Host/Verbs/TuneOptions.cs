using System.CommandLine;
using LambdaStreamRunner.Simulation.Tuning;

namespace LambdaStreamRunner.Host.Verbs;

/// <summary>The command line of <c>tune</c>.</summary>
internal sealed class TuneOptions
{
    private const int VerifySecondsMin = 10;

    public TrafficOptions Traffic { get; } = new();

    public HandlerOptions Handler { get; } = new();

    public GridOptions Grid { get; } = new();

    public PriceOptions Prices { get; } = new();

    public Option<string?> Slo { get; } = new("--slo")
    {
        Description = "What the setting must keep, such as \"iteratorAge.p99 < 2s and costPerMillion < $0.5\"; the cheapest that does is chosen. Figures: "
            + string.Join(", ", ObjectiveFigure.All.Select(figure => figure.Name)) + ".",
        HelpName = "EXPR",
    };

    public Option<int> Seeds { get; } = new("--seeds") { Description = "Runs of each finalist, for the confidence intervals.", DefaultValueFactory = _ => 10, HelpName = "N" };

    public Option<string?> Report { get; } = new("--report") { Description = "Write the result as one HTML page that works offline.", HelpName = "FILE.html" };

    public Option<string?> Check { get; } = new("--check") { Description = "Search nothing: exit with 1 when the settings that this file names break its objectives.", HelpName = "slo.json" };

    public Option<bool> Verify { get; } = new("--verify") { Description = "Run the chosen setting and its neighbours with the real function, accelerated and in real time. Needs --function." };

    public Option<string> VerifyTime { get; } = new("--verify-time")
    {
        Description = "Longest time of one run of --verify, such as 60s or 6min; the batching window has to pass in it. What needs more is left out, and without a run in real time nothing is recommended.",
        DefaultValueFactory = _ => "60s",
        HelpName = "TIME",
    };

    public Option<bool> Json { get; } = new("--json") { Description = "Print the result as one JSON document on standard output, everything else on standard error." };

    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[.. Traffic.All, .. Handler.All, .. Grid.All, .. Prices.All, Slo, Seeds, Report, Check, Verify, VerifyTime, Json])
            command.Add(option);
    }

    /// <summary>What is wrong besides traffic, function, grid and prices, which say it themselves.</summary>
    public IEnumerable<string> Mistakes(ParseResult parsed)
    {
        if (parsed.GetValue(Slo) is { } slo && MistakeIn(slo) is { } mistake)
            yield return $"--slo: {mistake}";
        if (parsed.GetValue(Seeds) is not (>= 2 and <= 1_000))
            yield return $"--seeds is {parsed.GetValue(Seeds)}; it takes 2 to 1000.";
        if (parsed.GetValue(Verify) && parsed.GetValue(Handler.Function) is null)
            yield return "--verify runs the real function; name it with --function NAME.";
        if (VerifyTimeOf(parsed) is null)
            yield return $"--verify-time is '{parsed.GetValue(VerifyTime)}'; it takes a time such as 60s or 6min, at least {VerifySecondsMin} s and at most a day.";
        if (parsed.GetValue(Report) is { } report && OutputFile.MistakeIn(report) is { } unwritable)
            yield return $"--report: {unwritable}";
        if (parsed.GetValue(Check) is null)
            yield break;
        foreach (Option option in (Option[])[Slo, Report, Verify, VerifyTime, .. Grid.All])
        {
            if (parsed.GetResult(option) is { Implicit: false })
                yield return $"{option.Name} is of no use with --check, which searches nothing; leave it out, or say it in the file.";
        }
    }

    /// <summary>--verify-time; null when it is wrong.</summary>
    public TimeSpan? VerifyTimeOf(ParseResult parsed) =>
        DurationText.TryParse(parsed.GetValue(VerifyTime)!, out TimeSpan time) && time.TotalSeconds is >= VerifySecondsMin and <= 86_400 ? time : null;

    private static string? MistakeIn(string slo)
    {
        try
        {
            ServiceLevelObjective.Parse(slo);
            return null;
        }
        catch (FormatException wrong)
        {
            return wrong.Message;
        }
    }
}
