using System.CommandLine;
using System.CommandLine.Parsing;
using LambdaStreamRunner.Core.Histories;
using LambdaStreamRunner.Host.Replaying;
using LambdaStreamRunner.Host.Traces;
using LambdaStreamRunner.Simulation.Traffic;

namespace LambdaStreamRunner.Host.Verbs;

/// <summary>The part of a command line that says which records come: a trace, a journal, or a profile to make them from.</summary>
internal sealed class TrafficOptions
{
    public Option<string?> Trace { get; } = new("--trace")
    {
        Description = "A recorded traffic: CSV or lines of JSON (timeMs, partitionKey, bytes), or an export of CloudWatch's IncomingRecords; .gz is unpacked, '-' reads standard input.",
        HelpName = "FILE",
    };

    public Option<string?> Journal { get; } = new("--journal") { Description = "The records of a run, from its journal (run --journal FILE).", HelpName = "FILE" };

    public Option<string?> JournalMapping { get; } = new("--journal-mapping")
    {
        Description = "Whose records of a journal of several mappings, as \"clicks → AccessLog\".",
        HelpName = "NAME",
    };

    public Option<double?> Rate { get; } = new("--rate") { Description = "Make records: so many a second on the average.", HelpName = "N" };

    public Option<string> Profile { get; } = new("--profile")
    {
        Description = "When the records of --rate come: at random, at equal distances, at random with bursts, at random over a day that begins at its trough.",
        DefaultValueFactory = _ => "poisson",
        HelpName = "poisson|steady|bursts|daily",
    };

    public Option<double> BurstFactor { get; } = new("--burst-factor")
    {
        Description = "Rate within a burst ÷ rate between bursts; 'infinity': nothing comes between them. Goes with --profile bursts.",
        DefaultValueFactory = _ => 10,
        CustomParser = result => NumberOrInfinity(result),
        HelpName = "X",
    };

    public Option<string> BurstLength { get; } = new("--burst-length") { Description = "How long a burst is.", DefaultValueFactory = _ => "5s", HelpName = "TIME" };

    public Option<string> BurstEvery { get; } = new("--burst-every") { Description = "From one burst to the next.", DefaultValueFactory = _ => "60s", HelpName = "TIME" };

    public Option<double> PeakToTrough { get; } = new("--peak-to-trough")
    {
        Description = "Highest ÷ lowest rate of a day. Goes with --profile daily.",
        DefaultValueFactory = _ => 4,
        HelpName = "X",
    };

    public Option<int> Keys { get; } = new("--keys") { Description = "Different partition keys, when records are made or a trace has none.", DefaultValueFactory = _ => 1000, HelpName = "COUNT" };

    public Option<string> KeyDistribution { get; } = new("--key-distribution")
    {
        Description = "How frequent keys are: few busy and many quiet ones (zipf:1.2 with an exponent), all the same, every record its own, or one for all.",
        DefaultValueFactory = _ => "zipf",
        HelpName = "zipf[:S]|uniform|distinct|one",
    };

    public Option<string?> Bytes { get; } = new("--bytes")
    {
        Description = "Size of the data: fixed, a range, or lognormal by its median and p99. 1000 by default; of a CloudWatch export, the mean of each period.",
        HelpName = "N|A-B|lognormal:MEDIAN:P99",
    };

    public Option<string?> Duration { get; } = new("--duration") { Description = "How long records are made: 10m unless said else, 24h for --profile daily. Of a trace or a journal, only so much is taken, after --trace-speed: 2m are two minutes of what is simulated.", HelpName = "TIME" };

    public Option<long> Seed { get; } = new("--seed") { Description = "The same seed makes the same records.", DefaultValueFactory = _ => 1, HelpName = "NUMBER" };

    public Option<double> TraceSpeed { get; } = new("--trace-speed")
    {
        Description = "Divides all times: 100 lets a trace come a hundred times as fast.",
        DefaultValueFactory = _ => 1,
        HelpName = "X",
    };

    public Option<bool> Sort { get; } = new("--sort") { Description = "Put the lines of a trace in order of time; without it, more than a second of disorder is refused." };

    public Option<double?> MaxGap { get; } = new("--max-gap") { Description = "Shorten gaps of a trace to so many seconds: clocks that jumped, logs that stopped.", HelpName = "SECONDS" };

    /// <summary>All of them, in the order of the help.</summary>
    public IEnumerable<Option> All =>
    [
        Trace, Journal, JournalMapping, Rate, Profile, BurstFactor, BurstLength, BurstEvery, PeakToTrough, Keys, KeyDistribution, Bytes, Duration, Seed, TraceSpeed, Sort, MaxGap,
    ];

    /// <summary>Everything that is wrong with them; nothing is opened but to see that it can be.</summary>
    public IEnumerable<string> Mistakes(ParseResult parsed)
    {
        int sources = new[] { parsed.GetValue(Trace) is not null, parsed.GetValue(Journal) is not null, parsed.GetValue(Rate) is not null }.Count(isGiven => isGiven);
        if (sources == 0)
            yield return "Which records come? Name a --trace FILE, a --journal FILE, or a --rate N to make them.";
        if (sources > 1)
            yield return "--trace, --journal and --rate each say which records come; give one of them.";
        foreach ((Option<string?> option, string? file) in new[] { (Trace, parsed.GetValue(Trace)), (Journal, parsed.GetValue(Journal)) })
        {
            if (file is not null && !InputFile.CanRead(file, out string? unreadable))
                yield return $"{option.Name}: {unreadable}";
        }
        if (parsed.GetValue(JournalMapping) is not null && parsed.GetValue(Journal) is null)
            yield return "--journal-mapping goes with --journal; add that.";
        foreach (string mistake in StrayMistakes(parsed))
            yield return mistake;
        if (parsed.GetValue(TraceSpeed) is var speed && !(speed is > 0 and <= 1e9))
            yield return FormattableString.Invariant($"--trace-speed is {speed}; it takes a number above 0.");
        if (parsed.GetValue(MaxGap) is { } gap && !(gap is > 0 and <= 1e9))
            yield return FormattableString.Invariant($"--max-gap is {gap}; it takes seconds above 0.");
        foreach (string mistake in new ProfileReading(this, parsed).Mistakes)
            yield return mistake;
    }

    /// <summary>Opens what they say. Null after complaints; the traffic is the caller's to dispose.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="progress">Hears how far the reading of a trace is; may be called from another thread.</param>
    /// <param name="complain">Takes what is wrong.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task<OpenedTraffic?> OpenAsync(ParseResult parsed, Action<TraceProgress>? progress, Action<string> complain, CancellationToken cancellation)
    {
        string[] mistakes = [.. Mistakes(parsed)];
        if (mistakes.Length > 0)
        {
            Array.ForEach(mistakes, complain);
            return null;
        }
        try
        {
            OpenedTraffic opened = await OpenAsync(parsed, progress, cancellation);
            opened = opened.AtSpeed(parsed.GetValue(TraceSpeed));
            return parsed.GetValue(Rate) is null ? opened.First(new ProfileReading(this, parsed).GivenDuration) : opened;
        }
        catch (TraceException bad)
        {
            foreach (string mistake in bad.Mistakes)
                complain(mistake);
        }
        catch (HistoryFormatException bad)
        {
            complain($"{parsed.GetValue(Journal)}: {bad.Message}");
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            complain($"The traffic cannot be read, or its temporary file in {Path.GetTempPath()} cannot be written: {unreadable.Message}");
        }
        return null;
    }

    private async Task<OpenedTraffic> OpenAsync(ParseResult parsed, Action<TraceProgress>? progress, CancellationToken cancellation)
    {
        var profile = new ProfileReading(this, parsed);
        if (parsed.GetValue(Trace) is { } trace)
        {
            var reading = new TraceReading
            {
                Order = parsed.GetValue(Sort) ? LineOrder.Any : LineOrder.ByTime,
                MaxGap = parsed.GetValue(MaxGap) is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
                Keys = profile.Keys,
                Sizes = parsed.GetValue(Bytes) is null ? null : profile.Sizes,
                Seed = parsed.GetValue(Seed),
            };
            OpenedTraffic opened = await TraceFile.OpenAsync(trace, reading, progress, cancellation);
            return opened.IsWhole ? opened.Warned([.. UselessOptions(parsed, trace)]) : opened;
        }
        if (parsed.GetValue(Journal) is { } journal)
        {
            History history = await HistoryFile.ReadAsync(journal, cancellation);
            return new OpenedTraffic(JournalOf(journal, history, parsed.GetValue(JournalMapping)), null, []);
        }
        return new OpenedTraffic(new SyntheticTraffic(profile.Profile), null, []);
    }

    private IEnumerable<string> UselessOptions(ParseResult parsed, string trace)
    {
        foreach (Option option in (Option[])[Keys, KeyDistribution, Bytes])
        {
            if (IsGiven(parsed, option))
                yield return $"{option.Name} changes nothing: the records of {trace} have keys and sizes of their own.";
        }
    }

    private static RecordedTraffic JournalOf(string file, History history, string? name)
    {
        MappingHistory mapping = Traces.JournalMapping.Choose(file, history, name);
        return JournalTraffic.Of(mapping) ?? throw new TraceException($"{file} holds no records of '{mapping.Mapping.Name}'.");
    }

    /// <summary>Options that would be taken and then do nothing.</summary>
    private IEnumerable<string> StrayMistakes(ParseResult parsed)
    {
        bool makes = parsed.GetValue(Rate) is not null;
        bool reads = parsed.GetValue(Trace) is not null;
        string profile = parsed.GetValue(Profile)!.ToUpperInvariant();
        if (!makes && IsGiven(parsed, Profile))
            yield return "--profile goes with --rate; add that.";
        foreach (Option option in (Option[])[BurstFactor, BurstLength, BurstEvery])
        {
            if (IsGiven(parsed, option) && (!makes || profile != "BURSTS"))
                yield return $"{option.Name} goes with --rate and --profile bursts; add those.";
        }
        if (IsGiven(parsed, PeakToTrough) && (!makes || profile != "DAILY"))
            yield return "--peak-to-trough goes with --rate and --profile daily; add those.";
        foreach (Option option in (Option[])[Sort, MaxGap])
        {
            if (IsGiven(parsed, option) && !reads)
                yield return $"{option.Name} goes with --trace; add that.";
        }
        foreach (Option option in (Option[])[Keys, KeyDistribution, Bytes])
        {
            if (IsGiven(parsed, option) && parsed.GetValue(Journal) is not null)
                yield return $"{option.Name} is of no use with --journal: its records have keys and sizes. Leave it out.";
        }
    }

    private static bool IsGiven(ParseResult parsed, Option option) => parsed.GetResult(option) is { Implicit: false };

    private static double NumberOrInfinity(ArgumentResult result)
    {
        string written = result.Tokens[0].Value;
        if (written.Equals("infinity", StringComparison.OrdinalIgnoreCase))
            return double.PositiveInfinity;
        if (double.TryParse(written, System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture, out double number))
            return number;
        result.AddError($"--burst-factor is '{written}'; it takes a number above 1, or 'infinity'.");
        return 0;
    }
}
