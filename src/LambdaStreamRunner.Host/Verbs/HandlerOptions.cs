using System.Collections.Immutable;
using System.CommandLine;
using System.Diagnostics.CodeAnalysis;
using LambdaStreamRunner.Host.Measuring;
using LambdaStreamRunner.Host.Terminal;
using LambdaStreamRunner.Simulation.Modelling;

namespace LambdaStreamRunner.Host.Verbs;

/// <summary>What <c>simulate</c> and <c>tune</c> are told about the function: how long it takes, and what goes wrong.</summary>
internal sealed class HandlerOptions
{
    public Option<string?> HandlerModel { get; } = new("--handler-model")
    {
        Description = "How long the function takes: an expression such as '20ms + 1ms/record ± 10%', or a file that lambda-stream measure wrote.",
        HelpName = "EXPR|FILE",
    };

    public Option<string?> Function { get; } = new("--function")
    {
        Description = "The function of the configuration; it is measured first, unless --handler-model is given.",
        HelpName = "NAME",
    };

    public Option<string> Config { get; } = new("--config")
    {
        Description = "The configuration file, for --function.",
        DefaultValueFactory = _ => "config/runner.json",
        HelpName = "FILE",
    };

    public Option<int?> MemorySize { get; } = new("--memory-size") { Description = "MemorySize in MB, for the cost, and for durations when the model knows how they change; the model's own unless given.", HelpName = "MB" };

    public Option<double?> Timeout { get; } = new("--timeout") { Description = "Timeout of the function in seconds; the model's own unless given.", HelpName = "SECONDS" };

    public Option<double?> PoisonRate { get; } = new("--poison-rate") { Description = "Share of records that fail whenever they are delivered, 0 to 1; the share that failed while the function was measured unless given.", HelpName = "SHARE" };

    public Option<double?> TransientRate { get; } = new("--transient-rate") { Description = "Share of invocations that fail once, 0 to 1.", HelpName = "SHARE" };

    public Option<string[]> Outage { get; } = new("--outage") { Description = "A time in which everything fails, since the beginning of the traffic, such as 60s-90s; may be repeated.", HelpName = "FROM-UNTIL" };

    public Option<string?> ColdStart { get; } = new("--cold-start") { Description = "Time of a cold start, such as '400ms' or '400ms ± 20%'; what was measured unless given.", HelpName = "TIME" };

    public Option<int?> ReservedConcurrency { get; } = new("--reserved-concurrency") { Description = "Most invocations of the function at the same time; the account's 1,000 unless given.", HelpName = "N" };

    /// <summary>All of them, in the order of the help.</summary>
    public IEnumerable<Option> All => [HandlerModel, Function, Config, MemorySize, Timeout, PoisonRate, TransientRate, Outage, ColdStart, ReservedConcurrency];

    /// <summary>Every mistake of a command line whose words are right; a model's file is read for it.</summary>
    /// <param name="result">The command line.</param>
    /// <param name="hasMapping">True when the configuration is needed for a mapping.</param>
    public IEnumerable<string> Mistakes(ParseResult result, bool hasMapping = false)
    {
        if (result.GetValue(HandlerModel) is null && result.GetValue(Function) is null)
            yield return "How long the function takes is missing: add --handler-model '20ms + 1ms/record' or a file of lambda-stream measure, or --function NAME to measure it now.";
        if (result.GetResult(Config) is { Implicit: false } && result.GetValue(Function) is null && !hasMapping)
            yield return "--config does nothing without --function NAME (or simulate's --mapping NAME), which says what is taken from it; add one, or leave it out.";
        if (result.GetValue(HandlerModel) is { } model && ReadModel(model, out ImmutableArray<string> wrong) is null)
        {
            foreach (string mistake in wrong)
                yield return $"--handler-model: {mistake}";
        }
        if (result.GetValue(MemorySize) is { } memory && !MemorySizes.IsAllowed(memory))
            yield return $"--memory-size is {memory}; {MemorySizes.Allowed}.";
        if (result.GetValue(Timeout) is not (null or (> 0 and <= 900)))
            yield return $"--timeout is {result.GetValue(Timeout)}; it must be above 0, and at most 900 s.";
        foreach (Option<double?> rate in (Option<double?>[])[PoisonRate, TransientRate])
        {
            if (result.GetValue(rate) is not (null or (>= 0 and <= 1)))
                yield return $"{rate.Name} is {result.GetValue(rate)}; it can be 0 to 1, such as 0.001 for one in a thousand.";
        }
        foreach (string outage in result.GetValue(Outage) ?? [])
        {
            if (OutageOf(outage) is null)
                yield return $"--outage is '{outage}'; it takes two times, the first one earlier, such as 60s-90s.";
        }
        if (result.GetValue(ColdStart) is { } cold && !TryReadColdStart(cold, out _, out string? why))
            yield return $"--cold-start: {why}";
        if (result.GetValue(ReservedConcurrency) is < 1)
            yield return $"--reserved-concurrency is {result.GetValue(ReservedConcurrency)}; it can be 1 or more. With 0 nothing would ever run.";
    }

    /// <summary>The model and the failures; null with an exit code when there are none, which has been complained about. To be asked when there are no <see cref="Mistakes"/>.</summary>
    /// <param name="result">The command line.</param>
    /// <param name="screen">Where a measurement shows itself.</param>
    /// <param name="cancellation">Ends a measurement.</param>
    /// <exception cref="OperationCanceledException">It was interrupted before anything was measured.</exception>
    public async Task<(HandlerChoice? Choice, int ExitCode)> ReadAsync(ParseResult result, Screen screen, CancellationToken cancellation)
    {
        FunctionMeasurement? function = null;
        if (result.GetValue(Function) is { } name && (function = FunctionMeasurement.Find(screen, result.GetValue(Config)!, name)) is null)
            return (null, ExitCodes.WrongUsage);
        if (result.GetValue(ReservedConcurrency) is null && function?.Configuration.ReservedConcurrentExecutions is 0)
        {
            Screen.Complain($"Functions.{function.Configuration.Name}.ReservedConcurrentExecutions is 0: with it nothing would ever run. Give another with --reserved-concurrency N.");
            await function.DisposeAsync();
            return (null, ExitCodes.WrongUsage);
        }
        try
        {
            (HandlerChoice? choice, int exitCode) = await ReadAsync(result, screen, function, cancellation);
            function = choice is null ? function : null;      // it belongs to the choice from here on
            return (choice, exitCode);
        }
        finally
        {
            await (function?.DisposeAsync() ?? ValueTask.CompletedTask);
        }
    }

    private async Task<(HandlerChoice? Choice, int ExitCode)> ReadAsync(ParseResult result, Screen screen, FunctionMeasurement? function, CancellationToken cancellation)
    {
        MeasuringResult? measured = null;
        HandlerModelFile? given = result.GetValue(HandlerModel) is { } model ? ReadModel(model, out _) : null;
        if (given is null)
        {
            (measured, int exitCode) = await function!.MeasureAsync(screen, new MeasuringPlan(), cancellation);
            if (measured is null)
                return (null, exitCode);
            given = new HandlerModelFile(
                measured.Fit.Model with { MemorySize = function.Configuration.MemorySizeMegabytes, Timeout = function.Configuration.Timeout }, MemoryCurve: null)
            {
                Failing = measured.Screened,
            };
            MeasuringView.Write(screen.People, measured, given.Model);
        }
        else if (function is not null && !File.Exists(result.GetValue(HandlerModel)))
        {                                                     // an expression says nothing about them, the function's section does
            given = given with { Model = given.Model with { MemorySize = function.Configuration.MemorySizeMegabytes, Timeout = function.Configuration.Timeout } };
        }
        if (!MemorySizes.TryChange(given.Model, result.GetValue(MemorySize), given.MemoryCurve, out HandlerModel? changed, out string? remark))
        {
            Screen.Complain($"--memory-size: {remark}.");
            return (null, ExitCodes.WrongUsage);
        }
        if (remark is not null)
            screen.Say(remark);
        if (given.FitError > FitError.BadFrom)
            screen.Say(FormattableString.Invariant($"Warning: the model of {result.GetValue(HandlerModel)} does not fit its measurements well (off by up to {given.FitError * 100:0} %), and neither will what is made of it. Measure again near the batch sizes that you mean to use."));
        if (result.GetValue(PoisonRate) is null && given.Failing is { Count: > 0 } failing)
            screen.Say(FormattableString.Invariant($"{failing.Count:N0} of {Figures.Some(failing.Of, "record")} always {(failing.Count == 1 ? "fails" : "fail")}: simulated as --poison-rate {failing.Share:0.########}; --poison-rate 0 leaves that out."));
        var choice = new HandlerChoice(WithTimes(result, changed), FailuresOf(result, given.Failing), result.GetValue(ReservedConcurrency) ?? function?.Configuration.ReservedConcurrentExecutions)
        {
            Function = function,
            Measured = measured,
        };
        return (choice, ExitCodes.Done);
    }

    private HandlerModel WithTimes(ParseResult result, HandlerModel model) => model with
    {
        Timeout = result.GetValue(Timeout) is { } seconds ? TimeSpan.FromSeconds(seconds) : model.Timeout,
        ColdStarts = result.GetValue(ColdStart) is { } cold && TryReadColdStart(cold, out ImmutableArray<TimeSpan> times, out _) ? times : model.ColdStarts,
    };

    private FailureModel FailuresOf(ParseResult result, FailingRecords? measured) => new()
    {
        PoisonRate = result.GetValue(PoisonRate) ?? measured?.Share ?? 0,
        TransientRate = result.GetValue(TransientRate) ?? 0,
        Outages = [.. (result.GetValue(Outage) ?? []).Select(outage => OutageOf(outage)!.Value).OrderBy(outage => outage.From)],
    };

    // What is no expression may be the name of a file.
    private static HandlerModelFile? ReadModel(string text, out ImmutableArray<string> mistakes)
    {
        mistakes = [];
        if (HandlerModelExpression.TryParse(text, out HandlerModel? model, out string? mistake))
            return new HandlerModelFile(model, MemoryCurve: null);
        if (!File.Exists(text))
        {
            bool looksLikeFile = text.EndsWith(".json", StringComparison.OrdinalIgnoreCase) || text.Contains(Path.DirectorySeparatorChar, StringComparison.Ordinal);
            mistakes = [looksLikeFile ? $"the file '{text}' does not exist. Write it with lambda-stream measure --out." : $"{mistake} Or name a file that lambda-stream measure wrote."];
            return null;
        }
        try
        {
            HandlerModelFile? file = HandlerModelFile.Read(File.ReadAllText(text), out mistakes);
            mistakes = [.. mistakes.Select(wrong => $"{text} {wrong}")];
            return file;
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            mistakes = [$"'{text}' cannot be read: {unreadable.Message}"];
            return null;
        }
    }

    private static Outage? OutageOf(string text)
    {
        string[] parts = text.Split('-', StringSplitOptions.TrimEntries);
        return parts.Length == 2 && DurationText.TryParse(parts[0], out TimeSpan from) && DurationText.TryParse(parts[1], out TimeSpan until) && from < until ? new Outage(from, until) : null;
    }

    private static bool TryReadColdStart(string text, out ImmutableArray<TimeSpan> times, [NotNullWhen(false)] out string? mistake)
    {
        times = [];
        if (!HandlerModelExpression.TryParse(text, out HandlerModel? model, out mistake))
            return false;
        mistake = model.PerRecord > TimeSpan.Zero ? $"'{text}' has a part per record, and a cold start knows no records. Write a time such as '400ms' or '400ms ± 20%'." : null;
        times = model.Variation.IsEmpty ? [model.Fixed] : [.. model.Variation.Select(ratio => model.Fixed * ratio)];
        return mistake is null;
    }
}

/// <summary>What is known about the function.</summary>
/// <param name="Model">How long it takes.</param>
/// <param name="Failures">What goes wrong.</param>
/// <param name="ReservedConcurrency">Most invocations at the same time; null: the account's.</param>
internal sealed record HandlerChoice(HandlerModel Model, FailureModel Failures, int? ReservedConcurrency) : IAsyncDisposable
{
    /// <summary>The real function, for a verification; null when none was named.</summary>
    public FunctionMeasurement? Function { get; init; }

    /// <summary>What was measured for it just now; null when the model was given.</summary>
    public MeasuringResult? Measured { get; init; }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Function?.DisposeAsync() ?? ValueTask.CompletedTask;
}
