using System.Collections.Immutable;
using System.CommandLine;
using LambdaStreamRunner.Host.Measuring;
using LambdaStreamRunner.Host.Reports;
using LambdaStreamRunner.Host.Traces;
using LambdaStreamRunner.Host.Tuning;
using LambdaStreamRunner.Host.Verifying;
using LambdaStreamRunner.Simulation.Tuning;

namespace LambdaStreamRunner.Host.Verbs;

/// <summary>One search, or one check, from its command line to its exit code.</summary>
/// <param name="options">The options.</param>
/// <param name="parsed">The command line.</param>
/// <param name="check">What is checked; null for a search.</param>
internal sealed class Tune(TuneOptions options, ParseResult parsed, ObjectiveFile? check)
{
    /// <summary>Settings beside the chosen one that are verified with it.</summary>
    private const int NeighboursVerified = 2;

    private readonly Screen _screen = Screen.Open(parsed.GetValue(options.Json));

    public async Task<int> RunAsync()
    {
        IEnumerable<string> mistakes = [.. options.Traffic.Mistakes(parsed), .. options.Handler.Mistakes(parsed), .. check is null ? options.Mistakes(parsed) : []];
        if (Screen.ComplainAbout(mistakes) || options.Prices.Read(parsed, Screen.Complain) is not { } prices)
            return ExitCodes.WrongUsage;
        using var interruptions = new Interruptions();
        try
        {
            (HandlerChoice? handler, int exit) = await options.Handler.ReadAsync(parsed, _screen, interruptions.Stop);
            await using HandlerChoice? owned = handler;
            if (handler is null)
                return exit;
            if (!options.Grid.TryRead(parsed, handler.Failures, out SettingGrid? grid, out string? mistake))
                return Screen.ComplainAbout([mistake]) ? ExitCodes.WrongUsage : ExitCodes.CouldNotRun;
            using OpenedTraffic? traffic = await options.Traffic.OpenAsync(parsed, progress: null, Screen.Complain, interruptions.Stop);
            if (traffic is null)
                return ExitCodes.WrongUsage;
            foreach (string warning in traffic.Warnings)
                _screen.Say(warning);
            if (traffic.Traffic.Count == 0)
                return Screen.ComplainAbout(["The traffic has no records; there is nothing to tune for."]) ? ExitCodes.WrongUsage : ExitCodes.CouldNotRun;
            var request = new TuningRequest
            {
                Traffic = traffic.Traffic,
                Handler = handler.Model,
                Failures = handler.Failures,
                Grid = grid,
                Objective = check?.Objective ?? (parsed.GetValue(options.Slo) is { } slo ? ServiceLevelObjective.Parse(slo) : null),
                Prices = prices.Prices,
                PricesName = prices.Name,
                Architecture = prices.Architecture,
                ConcurrencyMax = parsed.GetValue(options.Grid.MaxConcurrency),
                ReservedConcurrency = handler.ReservedConcurrency,
                Seed = parsed.GetValue(options.Traffic.Seed),
                Replications = parsed.GetValue(options.Seeds),
            };
            return check is not null ? await CheckAsync(request, check, interruptions) : await SearchAsync(request, handler, interruptions);
        }
        catch (OperationCanceledException) when (interruptions.Stop.IsCancellationRequested)
        {
            Screen.Complain("Interrupted before there was anything to show.");
            return ExitCodes.DoneWithLosses;
        }
    }

    private async Task<int> CheckAsync(TuningRequest request, ObjectiveFile of, Interruptions interruptions)
    {
        if (of.Remark is { } remark)
            _screen.Say(remark);
        TunedPoint point;
        try
        {
            point = await TuningDisplay.ShowAsync(_screen.People, progress => new MappingTuner(request, TimeProvider.System).Measure(of.Setting, progress, interruptions.Stop));
        }
        catch (ArgumentException unfit)
        {
            Screen.Complain(unfit.Message);
            return ExitCodes.WrongUsage;
        }
        if (parsed.GetValue(options.Json))
            _screen.WriteDocument(ObjectiveTable.ToJson(point, of.Objective).ToJsonString(TuningDocument.Options));
        else
            ObjectiveTable.Write(_screen.People, point, of.Objective);
        return of.Objective.IsMetBy(point) ? ExitCodes.Done : ExitCodes.DoneWithLosses;
    }

    private async Task<int> SearchAsync(TuningRequest request, HandlerChoice handler, Interruptions interruptions)
    {
        TuningResult result = await TuningDisplay.ShowAsync(_screen.People, progress => new MappingTuner(request, TimeProvider.System).Run(progress, interruptions.Stop));
        Verification? verification = null;
        if (parsed.GetValue(options.Verify) && result is { IsComplete: true, Chosen: not null })
        {
            (verification, int exit) = await VerifyAsync(request, handler, result, interruptions.Stop);
            if (verification is null && exit != ExitCodes.Done)
                return exit;
        }
        var origin = new ReportOrigin(CommandLine(), handler.Function?.Input?.Stream.Name ?? "clicks", handler.Function?.Configuration.Name ?? "handler", TimeProvider.System.GetUtcNow());
        if (parsed.GetValue(options.Json))
            _screen.WriteDocument(TuningDocument.ToJson(result, verification, origin));
        else
            TuningTable.Write(_screen.People, result, verification);
        if (parsed.GetValue(options.Report) is { } report && !await TryWriteAsync(report, TuningReport.ToHtml(result, verification, origin)))
            return ExitCodes.CouldNotRun;
        return result is { IsComplete: true, Chosen: not null } ? ExitCodes.Done : ExitCodes.DoneWithLosses;
    }

    private async Task<(Verification? Verification, int ExitCode)> VerifyAsync(TuningRequest request, HandlerChoice handler, TuningResult result, CancellationToken cancellation)
    {
        try
        {
            TimeSpan timeMax = options.VerifyTimeOf(parsed)!.Value;
            (Verifier? verifier, int exitCode) = await Verifier.PrepareAsync(handler, request.Traffic, timeMax, _screen.Say, cancellation);
            return verifier is null ? (null, exitCode) : (await verifier.VerifyAsync([result.Chosen!.Setting, .. NeighboursOf(result, timeMax)], cancellation), ExitCodes.Done);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            _screen.Say("The verification was interrupted; nothing was verified.");
            return (null, ExitCodes.Done);
        }
    }

    /// <summary>Those of the frontier that cost most nearly as much; first those whose batching window can pass within the time of a run.</summary>
    private static ImmutableArray<TunedSetting> NeighboursOf(TuningResult result, TimeSpan timeMax) =>
    [
        .. result.Frontier.Where(point => !point.Setting.IsSameAs(result.Chosen!.Setting))
            .OrderBy(point => point.Setting.Mapping.MaximumBatchingWindow < timeMax ? 0 : 1)
            .ThenBy(point => Math.Abs(Math.Log(point.Cost.Total / result.Chosen!.Cost.Total))).Take(NeighboursVerified).Select(point => point.Setting),
    ];

    private async Task<bool> TryWriteAsync(string file, string text)
    {
        try
        {
            await File.WriteAllTextAsync(file, text);
            _screen.Say($"Report: {file}");
            return true;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            Screen.Complain($"'{file}' cannot be written: {refused.Message}");
            return false;
        }
    }

    private string CommandLine() =>
        "lambda-stream tune " + string.Join(' ', parsed.Tokens.Where(token => token.Type is not System.CommandLine.Parsing.TokenType.Command).Select(token => Quoted(token.Value)));

    private static string Quoted(string text) => text.All(letter => char.IsAsciiLetterOrDigit(letter) || "-_./:,=".Contains(letter, StringComparison.Ordinal)) ? text : $"'{text.Replace("'", @"'\''", StringComparison.Ordinal)}'";
}
