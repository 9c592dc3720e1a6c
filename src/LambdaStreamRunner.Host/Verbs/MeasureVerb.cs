using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using LambdaStreamRunner.Host.Measuring;
using LambdaStreamRunner.Host.Terminal;
using LambdaStreamRunner.Runner.Input;
using LambdaStreamRunner.Simulation.Modelling;

namespace LambdaStreamRunner.Host.Verbs;

/// <summary><c>measure</c>: how long a function takes by batch size and concurrency, as a model for <c>simulate</c> and <c>tune</c>.</summary>
internal static class MeasureVerb
{
    public static Command Create()
    {
        var options = new MeasureOptions();
        var command = new Command("measure", """
            Measures a function of the configuration with real records: at several batch sizes and concurrencies, warm and in new
            environments. Fits a fixed part and a part per record, shows how well they fit, and writes a model for simulate and tune.
            Or fits what was measured elsewhere (--import).

            Examples:
              lambda-stream measure --function AccessLog --out accesslog.model.json
              lambda-stream measure --import measured.csv --out handler.model.json
              lambda-stream measure --function AccessLog --import power-tuning.json --memory-size 1024 --out accesslog.model.json
            """);
        options.AddTo(command);
        command.SetAction((parsed, _) => RunAsync(parsed, options));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, MeasureOptions options)
    {
        if (Screen.ComplainAbout(options.Mistakes(parsed)))
            return ExitCodes.WrongUsage;
        var screen = Screen.Open(parsed.GetValue(options.Json));
        if (!options.TryReadImport(parsed, out ImmutableArray<HandlerMeasurement> table, out MemoryCurve? curve))
            return ExitCodes.WrongUsage;
        using var interruptions = new Interruptions();
        await using FunctionMeasurement? function = parsed.GetValue(options.Function) is { } name ? FunctionMeasurement.Find(screen, parsed.GetValue(options.Config)!, name) : null;
        if (function is null && parsed.GetValue(options.Function) is not null)
            return ExitCodes.WrongUsage;
        if (function is not null && options.InputOf(parsed) is { } input)
            function.Use(input.File, input.PartitionKey);
        try
        {
            (MeasuringResult? measured, int exitCode) = function is not null && table.IsEmpty
                ? await function.MeasureAsync(screen, options.PlanOf(parsed), interruptions.Stop)
                : (Imported(parsed.GetValue(options.Import)!, table), ExitCodes.Done);
            return measured is null ? exitCode : await ConcludeAsync(parsed, options, screen, measured, function, curve);
        }
        catch (OperationCanceledException) when (interruptions.Stop.IsCancellationRequested)
        {
            Screen.Complain("Interrupted before anything was measured.");
            return ExitCodes.CouldNotRun;
        }
    }

    private static MeasuringResult Imported(string file, ImmutableArray<HandlerMeasurement> table) =>
        new() { Function = file, Measurements = table, Fit = HandlerFit.Of(table), Notes = NotesOn(table) };

    private static ImmutableArray<string> NotesOn(ImmutableArray<HandlerMeasurement> table)
    {
        int sizes = table.Where(measurement => measurement is { Concurrency: 1, Environment: MeasuredEnvironment.Warm }).Select(measurement => measurement.Records).Distinct().Count();
        return sizes > 1 ? [] : ["Warning: the table has one batch size only (warm, concurrency 1), so nobody can tell the fixed part from the part per record. Measure at several, such as 1, 10, 100."];
    }

    private static async Task<int> ConcludeAsync(
        ParseResult parsed, MeasureOptions options, Screen screen, MeasuringResult measured, FunctionMeasurement? function, MemoryCurve? curve)
    {
        HandlerModel model = measured.Fit.Model with
        {
            MemorySize = function?.Configuration.MemorySizeMegabytes ?? parsed.GetValue(options.MemorySize) ?? measured.Fit.Model.MemorySize,
            Timeout = parsed.GetValue(options.Timeout) is { } seconds ? TimeSpan.FromSeconds(seconds) : function?.Configuration.Timeout ?? measured.Fit.Model.Timeout,
        };
        if (!MemorySizes.TryChange(model, parsed.GetValue(options.MemorySize), curve, out HandlerModel? scaled, out string? remark))
        {
            Screen.Complain($"--memory-size: {remark}.");
            return ExitCodes.WrongUsage;
        }
        string text = HandlerModelFile.Write(scaled, curve, measured);
        if (parsed.GetValue(options.Json))
            screen.WriteDocument(MeasuringView.ToJson(measured, text));
        else
            MeasuringView.Write(screen.People, measured, scaled);
        if (remark is not null)
            screen.Say(remark);
        if (parsed.GetValue(options.Out) is not { } file)
            return measured.IsComplete ? ExitCodes.Done : ExitCodes.DoneWithLosses;
        if (!await TryWriteAsync(file, text))
            return ExitCodes.CouldNotRun;
        screen.Say($"Model: {file}; use it with --handler-model {file}");
        return measured.IsComplete ? ExitCodes.Done : ExitCodes.DoneWithLosses;
    }

    private static async Task<bool> TryWriteAsync(string file, string text)
    {
        try
        {
            await File.WriteAllTextAsync(file, text + "\n");
            return true;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            Screen.Complain($"'{file}' cannot be written: {refused.Message}");
            return false;
        }
    }
}

/// <summary>The command line of <c>measure</c>.</summary>
internal sealed class MeasureOptions
{
    private const int ConcurrencyMax = 100;
    private const int BatchSizeMax = 10_000;
    private const double BudgetSecondsMax = 3_600;

    public Option<string?> Function { get; } = new("--function") { Description = "The function of the configuration to measure.", HelpName = "NAME" };

    public Option<string> Config { get; } = new("--config")
    {
        Description = "The configuration file.",
        DefaultValueFactory = _ => "config/runner.json",
        HelpName = "FILE",
    };

    public Option<string?> BatchSizes { get; } = new("--batch-sizes") { Description = "Batch sizes to measure, such as 1,10,100 (1 to 1000 in ten steps unless given).", HelpName = "N,N,..." };

    public Option<string?> Concurrency { get; } = new("--concurrency") { Description = "Invocations at the same time, such as 1,2,4,10 (these unless given).", HelpName = "N,N,..." };

    public Option<string?> Budget { get; } = new("--budget") { Description = "Time for all of it, such as 30s (unless given) or 2min.", HelpName = "TIME" };

    public Option<string?> Input { get; } = new("--input") { Description = "Measure with the lines of this file; otherwise with the configuration's Input for the function, or with generated records.", HelpName = "FILE" };

    public Option<string?> PartitionKey { get; } = new("--partition-key") { Description = "Key of each line of --input: a JSON path, a regular expression, or the key itself.", HelpName = "EXPR" };

    public Option<string?> Import { get; } = new("--import")
    {
        Description = "Fit a table that was measured elsewhere (CSV with batchSize,durationMs[,concurrency][,cold]); or take the memory curve from the output of Lambda Power Tuning, with --function.",
        HelpName = "FILE",
    };

    public Option<int?> MemorySize { get; } = new("--memory-size") { Description = "MemorySize in MB that the model is for; the function's own unless given.", HelpName = "MB" };

    public Option<double?> Timeout { get; } = new("--timeout") { Description = "Timeout of the function in seconds; its own unless given.", HelpName = "SECONDS" };

    public Option<string?> Out { get; } = new("--out") { Description = "Write the model to this file, for --handler-model.", HelpName = "FILE" };

    public Option<bool> Json { get; } = new("--json") { Description = "Print the result as one JSON document on standard output, everything else on standard error." };

    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[Function, Config, BatchSizes, Concurrency, Budget, Input, PartitionKey, Import, MemorySize, Timeout, Out, Json])
            command.Add(option);
    }

    /// <summary>Every mistake of a command line whose words are right.</summary>
    public IEnumerable<string> Mistakes(ParseResult result)
    {
        bool hasFunction = result.GetValue(Function) is not null;
        if (!hasFunction && result.GetValue(Import) is null)
            yield return "measure needs --function NAME, or --import FILE.";
        if (result.GetValue(BatchSizes) is { } sizes && NumbersOf(sizes, BatchSizeMax) is null)
            yield return $"--batch-sizes is '{sizes}'; it takes numbers from 1 to {BatchSizeMax}, such as 1,10,100.";
        if (result.GetValue(Concurrency) is { } concurrency && NumbersOf(concurrency, ConcurrencyMax) is null)
            yield return $"--concurrency is '{concurrency}'; it takes numbers from 1 to {ConcurrencyMax}, such as 1,2,4,10.";
        if (result.GetValue(Budget) is { } budget && BudgetOf(budget) is null)
            yield return $"--budget is '{budget}'; it takes a time such as 30s or 2min, at most {BudgetSecondsMax} s.";
        if (result.GetValue(Input) is null != result.GetValue(PartitionKey) is null)
            yield return "--input FILE and --partition-key EXPR go together.";
        if (result.GetValue(PartitionKey) is { } key && !PartitionKeyExpression.TryParse(key, out _, out string? wrong))
            yield return $"--partition-key \"{key}\": {wrong}";
        if (result.GetValue(Input) is { } input && !InputFile.CanRead(input, out string? unreadable))
            yield return $"--input: {unreadable}";
        if (result.GetValue(MemorySize) is { } memory && !MemorySizes.IsAllowed(memory))
            yield return $"--memory-size is {memory}; {MemorySizes.Allowed}.";
        if (result.GetValue(Out) is { } file && OutputFile.MistakeIn(file) is { } unwritable)
            yield return $"--out: {unwritable}";
        if (result.GetValue(Timeout) is not (null or (> 0 and <= 900)))
            yield return $"--timeout is {result.GetValue(Timeout)}; it must be above 0, and at most 900 s.";
    }

    /// <summary>Options of a measurement, when a table makes one unnecessary.</summary>
    private IEnumerable<string> UselessBesideTable(ParseResult result)
    {
        foreach (Option option in (Option[])[BatchSizes, Concurrency, Budget, Input, PartitionKey])
        {
            if (result.GetResult(option) is { Implicit: false })
                yield return $"{option.Name} is about a measurement, and nothing is measured when --import gives a table. Leave it out.";
        }
    }

    /// <summary>What --import holds: measurements, or a memory curve; false when it is wrong, which has been complained about.</summary>
    public bool TryReadImport(ParseResult result, out ImmutableArray<HandlerMeasurement> table, out MemoryCurve? curve)
    {
        (table, curve) = ([], null);
        if (result.GetValue(Import) is not { } file)
            return true;
        if (!InputFile.CanRead(file, out string? unreadable))
            return !Screen.ComplainAbout([$"--import: {unreadable}"]);
        using var reader = new StreamReader(InputFile.Open(file));
        string text = reader.ReadToEnd();
        if (!PowerTuningFile.IsOne(text))
        {
            table = MeasurementTable.Read(text.ReplaceLineEndings("\n").Split('\n'), out ImmutableArray<string> mistakes);
            return !Screen.ComplainAbout([.. mistakes.Select(mistake => $"{file} {mistake}"), .. UselessBesideTable(result)]);
        }
        if (!PowerTuningFile.TryRead(text, out curve, out string? wrong))
            return !Screen.ComplainAbout([$"{file} {wrong}"]);
        return result.GetValue(Function) is not null || !Screen.ComplainAbout(
            [$"{file} says how one payload changes with the memory size, and not what a batch or a record costs. Add --function NAME to measure that, or give a measured table as CSV."]);
    }

    public (string File, PartitionKeyExpression PartitionKey)? InputOf(ParseResult result) =>
        result.GetValue(Input) is { } file ? (file, PartitionKeyExpression.Parse(result.GetValue(PartitionKey)!)) : null;

    public MeasuringPlan PlanOf(ParseResult result)
    {
        var plan = new MeasuringPlan();
        return plan with
        {
            BatchSizes = NumbersOf(result.GetValue(BatchSizes), BatchSizeMax) ?? plan.BatchSizes,
            Concurrencies = NumbersOf(result.GetValue(Concurrency), ConcurrencyMax) ?? plan.Concurrencies,
            Budget = BudgetOf(result.GetValue(Budget)) ?? plan.Budget,
        };
    }

    private static ImmutableArray<int>? NumbersOf(string? text, int max)
    {
        if (text is null)
            return null;
        List<int> numbers = [];
        foreach (string part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            if (!int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int number) || number < 1 || number > max)
                return null;
            numbers.Add(number);
        }
        return [.. numbers.Distinct().Order()];
    }

    // A bare number is seconds.
    private static TimeSpan? BudgetOf(string? text) => text is not null && DurationText.TryParse(text, out TimeSpan time) && time.TotalSeconds is > 0 and <= BudgetSecondsMax ? time : null;
}
