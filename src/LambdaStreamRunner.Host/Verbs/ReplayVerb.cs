using System.CommandLine;
using LambdaStreamRunner.Core.Histories;
using LambdaStreamRunner.Host.Replaying;

namespace LambdaStreamRunner.Host.Verbs;

/// <summary><c>replay</c>: shows what happened in a history, and whether a guarantee broke.</summary>
internal static class ReplayVerb
{
    private static readonly Argument<string> File = new("FILE") { Description = "The journal of a run (run --journal FILE), or a .lambdastream file of the testing library; '-' reads standard input." };

    private static readonly Option<string?> Shard = new("--shard") { Description = "Show this shard only.", HelpName = "ID" };

    private static readonly Option<string?> Key = new("--key") { Description = "Show what happened to this partition key only.", HelpName = "KEY" };

    private static readonly Option<double?> From = new("--from") { Description = "Show from so many seconds after the beginning on.", HelpName = "SECONDS" };

    private static readonly Option<double?> To = new("--to") { Description = "Show up to so many seconds after the beginning.", HelpName = "SECONDS" };

    private static readonly Option<bool> Json = new("--json") { Description = "Print the result as one JSON document on standard output, everything else on standard error." };

    public static Command Create()
    {
        var command = new Command("replay", """
            Plays a history again: prints the settings, a time-line of lanes and records, and every guarantee that was broken,
            as the independent checker finds it. The whole history is judged, whatever part of it is shown. No function is
            invoked: what a record did is what the history says.

            Exit codes: 0 every guarantee was kept; 1 one was broken; 2 the file is no history, or has a bad line.

            Examples:
              lambda-stream replay --key 10.0.0.7 run.journal
              lambda-stream replay failed.lambdastream --from 10 --to 12.5
            """)
        {
            File, Shard, Key, From, To, Json,
        };
        command.SetAction(ReplayAsync);
        return command;
    }

    private static async Task<int> ReplayAsync(ParseResult parsed, CancellationToken cancellation)
    {
        string file = parsed.GetValue(File)!;
        if (Screen.ComplainAbout(Mistakes(parsed)))
            return ExitCodes.WrongUsage;
        var screen = Screen.Open(parsed.GetValue(Json));
        History history;
        List<Verdict> verdicts = [];
        try
        {
            history = await HistoryFile.ReadAsync(file, cancellation);
            foreach (MappingHistory mapping in history.Mappings)
                verdicts.Add(Verdict.Of(mapping));
        }
        catch (HistoryFormatException bad)
        {
            Screen.Complain($"{file}: {bad.Message}");
            return ExitCodes.WrongUsage;
        }
        if (Screen.ComplainAbout(Missing(parsed, history)))
            return ExitCodes.WrongUsage;
        Show(screen, parsed, file, history, verdicts);
        return verdicts.Exists(verdict => verdict.Count > 0) ? ExitCodes.DoneWithLosses : ExitCodes.Done;
    }

    private static void Show(Screen screen, ParseResult parsed, string file, History history, List<Verdict> verdicts)
    {
        if (parsed.GetValue(Json))
        {
            screen.WriteDocument(ReplaySummary.Of(file, history, verdicts).ToJson());
            return;
        }
        var view = new ReplayView(parsed.GetValue(Shard), parsed.GetValue(Key), Seconds(parsed.GetValue(From)), Seconds(parsed.GetValue(To)));
        var report = new ReplayReport(screen, view);
        report.Write(file, history);
        foreach ((MappingHistory mapping, Verdict verdict) in history.Mappings.Zip(verdicts))
            report.Write(mapping, verdict);
    }

    private static IEnumerable<string> Mistakes(ParseResult result)
    {
        if (!InputFile.CanRead(result.GetValue(File)!, out string? unreadable))
            yield return unreadable;
        foreach (Option<double?> option in (Option<double?>[])[From, To])
        {
            if (result.GetValue(option) is { } seconds && seconds is not (>= 0 and <= SecondsMax))
                yield return $"{option.Name} is {seconds}; it takes 0 to {SecondsMax} seconds.";
        }
        if (result.GetValue(From) is { } from && result.GetValue(To) is { } to && from > to)
            yield return $"{From.Name} is {from} and {To.Name} is {to}: there is nothing between them; {To.Name} takes what is not below {From.Name}.";
    }

    private static IEnumerable<string> Missing(ParseResult result, History history)
    {
        string[] shards = [.. history.Mappings.SelectMany(mapping => mapping.Steps).Select(step => step.ShardId).Distinct().Order(StringComparer.Ordinal)];
        if (result.GetValue(Shard) is not { } shard || shards.Contains(shard))
            yield break;
        string there = shards.Length == 0 ? "none" : string.Join(", ", shards.Take(ShardsNamedMax)) + (shards.Length > ShardsNamedMax ? $" and {shards.Length - ShardsNamedMax} more" : "");
        yield return $"{Shard.Name} is '{shard}', which is no shard of this history; there are: {there}.";
    }

    private const int ShardsNamedMax = 20;

    private const double SecondsMax = 1_000_000_000;          // 31 years: longer than any retention, and a TimeSpan still holds it

    private static TimeSpan? Seconds(double? seconds) => seconds is { } number ? TimeSpan.FromSeconds(number) : null;
}
