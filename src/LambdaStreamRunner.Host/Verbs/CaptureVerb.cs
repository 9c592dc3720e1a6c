using System.CommandLine;
using System.Globalization;
using LambdaStreamRunner.Core.Streams;
using LambdaStreamRunner.Host.Traces;
using LambdaStreamRunner.Runner.Capturing;
using LambdaStreamRunner.Runner.Configuration;
using LambdaStreamRunner.Runner.Input;

namespace LambdaStreamRunner.Host.Verbs;

/// <summary><c>capture</c>: writes a trace of a stream, of a log or of a journal.</summary>
internal static class CaptureVerb
{
    private const double SecondsMax = 4_000_000;              // longest time that a timer can wait for, less a little
    private const string EndpointDefault = "http://127.0.0.1:4566";

    private static readonly Option<string?> Stream = new("--stream") { Description = "Capture what comes into a stream: its name, or its ARN, which AWS needs.", HelpName = "NAME" };

    private static readonly Option<string> Endpoint = new("--endpoint")
    {
        Description = "Where the stream is: a URL, or 'aws' for AWS itself.",
        DefaultValueFactory = _ => EndpointDefault,
        HelpName = "URL|aws",
    };

    private static readonly Option<string> From = new("--from")
    {
        Description = "Where it begins: all that is there, only what comes from now on, or a time such as 2026-11-27T12:00:00Z.",
        DefaultValueFactory = _ => "TRIM_HORIZON",
        HelpName = "TRIM_HORIZON|LATEST|TIME",
    };

    private static readonly Option<double?> Duration = new("--duration") { Description = "End after so many seconds.", HelpName = "SECONDS" };

    private static readonly Option<long?> Count = new("--count") { Description = "End after so many records.", HelpName = "N" };

    private static readonly Option<bool> UntilTip = new("--until-tip") { Description = "End when all that is in the stream has been read." };

    private static readonly Option<string?> Input = new("--input") { Description = "Capture the lines of a text file instead, such as an access log; '-' reads standard input.", HelpName = "FILE" };

    private static readonly Option<string?> PartitionKey = new("--partition-key")
    {
        Description = "Key of each line: $.user.id is a JSON path, /^(\\S+)/ a regular expression, anything else the key itself.",
        HelpName = "EXPR",
    };

    private static readonly Option<string?> Time = new("--time") { Description = "Time of each line, found in the same way.", HelpName = "EXPR" };

    private static readonly Option<string?> TimeFormat = new("--time-format")
    {
        Description = "How it is written, in the letters of .NET, such as 'dd/MMM/yyyy:HH:mm:ss zzz'; UTC without a zone. By default ISO 8601, or seconds or milliseconds since 1970.",
        HelpName = "FORMAT",
    };

    private static readonly Option<bool> Sort = new("--sort") { Description = "Put the lines in order of time; without it, lines that are more than a second late are refused." };

    private static readonly Option<string?> Journal = new("--journal") { Description = "Capture the records of a run from its journal instead (run --journal FILE).", HelpName = "FILE" };

    private static readonly Option<string?> JournalMapping = new("--journal-mapping") { Description = "Whose records of a journal of several mappings.", HelpName = "NAME" };

    private static readonly Option<bool> HashKeys = new("--hash-keys")
    {
        Description = "Write the MD5 of each key, which decides its shard and lane, and its length instead of the key. Whoever has a list of possible keys can still find them in it; see --salt.",
    };

    private static readonly Option<string?> Salt = new("--salt")
    {
        Description = "Hash this and the key: without it nobody finds the key. Equal keys stay equal, but go to other shards and lanes than they do in truth.",
        HelpName = "TEXT",
    };

    private static readonly Option<string> Out = new("--out")
    {
        Description = "Where the trace goes: .csv, .ndjson or .jsonl, with .gz behind it packed; '-' is standard output.",
        Required = true,
        HelpName = "FILE",
    };

    private static readonly Option<string?> Format = new("--format") { Description = "What is written, when the file's name does not say.", HelpName = "csv|ndjson" };

    private static readonly Option<bool> Json = new("--json") { Description = "Print the result as one JSON document on standard output." };

    public static Command Create()
    {
        var command = new Command("capture", """
            Writes a trace for simulate and tune: when records came, whose they were, how large they were. Their data is not in it.

            What a trace shows: times and sizes always, keys unless --hash-keys is given, equal keys always.

            Ctrl+C ends a stream without --duration, --count and --until-tip, which has no other end, and keeps what came. The file has
            its name only when it is whole: what had the name before stays until then.

            Exit codes: 0 captured; 1 interrupted before its end, or lines were refused, which are named; 2 wrong usage; 3 cannot be
            read or written, or interrupted before there was a record.

            Examples:
              lambda-stream capture --stream clicks --until-tip --out clicks.ndjson
              lambda-stream capture --stream arn:aws:kinesis:eu-west-1:123456789012:stream/clicks --endpoint aws --from LATEST --duration 600 --hash-keys --out clicks.csv.gz
              lambda-stream capture --input access.log --partition-key '/^(\S+)/' --time '/\[([^\]]+)\]/' --time-format 'dd/MMM/yyyy:HH:mm:ss zzz' --sort --out access.csv
              lambda-stream capture --journal run.journal --out run.csv
            """)
        {
            Stream, Endpoint, From, Duration, Count, UntilTip, Input, PartitionKey, Time, TimeFormat, Sort, Journal, JournalMapping, HashKeys, Salt, Out, Format, Json,
        };
        command.SetAction((parsed, _) => CaptureAsync(parsed));
        return command;
    }

    private static async Task<int> CaptureAsync(ParseResult parsed)
    {
        if (Screen.ComplainAbout(Mistakes(parsed)))
            return ExitCodes.WrongUsage;
        using var interruptions = new Interruptions();
        using StreamCapture? stream = parsed.GetValue(Stream) is { } name ? new StreamCapture(name, parsed.GetValue(Endpoint)!, TimeProvider.System) : null;
        var capture = new Capture(parsed.GetValue(Out)!, Screen.Open(parsed.GetValue(Json) || parsed.GetValue(Out) == InputFile.StandardInput), TimeProvider.System)
        {
            Source = SourceOf(parsed, stream),
            Open = () => CaptureFile.Open(parsed.GetValue(Out)!),
            Format = FormatOf(parsed)!.Value,
            Hiding = new KeyHiding(parsed.GetValue(HashKeys) ? TraceKeys.Hashed : TraceKeys.Written, parsed.GetValue(Salt)),
            Order = parsed.GetValue(Sort) ? LineOrder.Any : LineOrder.ByTime,
        };
        int exit = await capture.RunAsync(interruptions.Stop);
        if (exit is ExitCodes.Done or ExitCodes.DoneWithLosses)
            capture.Conclude(parsed.GetValue(Json));
        return exit;
    }

    private static CaptureSource SourceOf(ParseResult parsed, StreamCapture? stream)
    {
        if (parsed.GetValue(Input) is { } input)
        {
            LineTime.TryParse(parsed.GetValue(Time)!, parsed.GetValue(TimeFormat), out LineTime? time, out _);
            return new CaptureSource.Lines(input, PartitionKeyExpression.Parse(parsed.GetValue(PartitionKey)!), time!);
        }
        if (parsed.GetValue(Journal) is { } journal)
            return new CaptureSource.Journal(journal, parsed.GetValue(JournalMapping));
        var limits = new CaptureLimits(
            parsed.GetValue(UntilTip) ? CaptureEnd.AtTheTip : CaptureEnd.WithTheStream,
            parsed.GetValue(Count),
            parsed.GetValue(Duration) is { } seconds ? TimeSpan.FromSeconds(seconds) : null);
        return new CaptureSource.LiveStream(stream!, PositionOf(parsed.GetValue(From)!)!.Value, limits, TimeProvider.System);
    }

    private static IEnumerable<string> Mistakes(ParseResult parsed)
    {
        int sources = new[] { parsed.GetValue(Stream), parsed.GetValue(Input), parsed.GetValue(Journal) }.Count(source => source is not null);
        if (sources != 1)
            yield return "What is captured? Give one of --stream NAME, --input FILE and --journal FILE.";
        foreach ((Option<string?> option, string? file) in new[] { (Input, parsed.GetValue(Input)), (Journal, parsed.GetValue(Journal)) })
        {
            if (file is not null && !InputFile.CanRead(file, out string? unreadable))
                yield return $"{option.Name}: {unreadable}";
        }
        foreach (string mistake in StreamMistakes(parsed).Concat(LineMistakes(parsed)).Concat(OutMistakes(parsed)))
            yield return mistake;
        if (parsed.GetValue(JournalMapping) is not null && parsed.GetValue(Journal) is null)
            yield return "--journal-mapping goes with --journal; add that.";
        if (parsed.GetValue(Salt) is not null && !parsed.GetValue(HashKeys))
            yield return "--salt goes with --hash-keys; add that.";
    }

    private static IEnumerable<string> StreamMistakes(ParseResult parsed)
    {
        foreach (Option option in (Option[])[Endpoint, From, Duration, Count, UntilTip])
        {
            if (parsed.GetValue(Stream) is null && parsed.GetResult(option) is { Implicit: false })
                yield return $"{option.Name} goes with --stream; add that.";
        }
        string endpoint = parsed.GetValue(Endpoint)!;
        if (ServiceEndpoint.TryParse(endpoint) is null)
            yield return $"--endpoint is '{endpoint}'; it must be a URL such as {EndpointDefault}, or 'aws'.";
        else if (parsed.GetValue(Stream) is { } stream && StreamCapture.NeedsArn(endpoint) && !stream.StartsWith("arn:", StringComparison.Ordinal))
            yield return "--stream must be an ARN when AWS itself is asked, such as arn:aws:kinesis:eu-west-1:123456789012:stream/clicks.";
        if (PositionOf(parsed.GetValue(From)!) is not { } from)
            yield return $"--from is '{parsed.GetValue(From)}'; it takes TRIM_HORIZON, LATEST, or a time such as 2026-11-27T12:00:00Z.";
        else if (from == ShardPosition.Latest && parsed.GetValue(UntilTip))
            yield return "--from LATEST begins at the tip, where --until-tip ends; use --duration or --count.";
        if (parsed.GetValue(Duration) is { } seconds && !(seconds is > 0 and <= SecondsMax))
            yield return FormattableString.Invariant($"--duration is {seconds}; it takes seconds above 0, at most {SecondsMax}.");
        if (parsed.GetValue(Count) is < 1)
            yield return "--count takes 1 or more.";
    }

    private static IEnumerable<string> LineMistakes(ParseResult parsed)
    {
        bool hasInput = parsed.GetValue(Input) is not null;
        foreach (Option option in (Option[])[PartitionKey, Time, TimeFormat, Sort])
        {
            if (!hasInput && parsed.GetResult(option) is { Implicit: false })
                yield return $"{option.Name} goes with --input; add that.";
        }
        if (hasInput && parsed.GetValue(PartitionKey) is null)
            yield return "--partition-key EXPR says which key a line has; add it.";
        if (hasInput && parsed.GetValue(Time) is null)
            yield return "--time EXPR says where the time of a line stands; add it.";
        if (parsed.GetValue(PartitionKey) is { } key && !PartitionKeyExpression.TryParse(key, out _, out string? wrongKey))
            yield return $"--partition-key: {wrongKey}";
        if (parsed.GetValue(Time) is { } time && !LineTime.TryParse(time, parsed.GetValue(TimeFormat), out _, out string? wrongTime))
            yield return $"--time: {wrongTime}";
    }

    private static IEnumerable<string> OutMistakes(ParseResult parsed)
    {
        string file = parsed.GetValue(Out)!;
        if (FormatOf(parsed) is null)
            yield return parsed.GetValue(Format) is { } written ? $"--format is '{written}'; it takes csv or ndjson." : $"--out is '{file}', which does not say what to write; name a .csv or .ndjson, or add --format csv|ndjson.";
        if (Directory.Exists(file))
            yield return $"--out: '{file}' is a folder; name a file.";
        if (file == InputFile.StandardInput && parsed.GetValue(Json))
            yield return "--json and --out - both write to standard output; name a file.";
        string? source = parsed.GetValue(Input) ?? parsed.GetValue(Journal);
        if (source is not null && source != InputFile.StandardInput && Path.GetFullPath(source) == Path.GetFullPath(file))
            yield return "--out is the file that is read; name another.";
    }

    private static TraceFormat? FormatOf(ParseResult parsed)
    {
        string file = parsed.GetValue(Out)!;
        string name = file.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? file[..^3] : file;
        return (parsed.GetValue(Format) ?? Path.GetExtension(name).TrimStart('.')).ToUpperInvariant() switch
        {
            "CSV" => TraceFormat.Csv,
            "NDJSON" or "JSONL" => TraceFormat.Ndjson,
            _ => null,
        };
    }

    private static ShardPosition? PositionOf(string written) => written.ToUpperInvariant() switch
    {
        "TRIM_HORIZON" => ShardPosition.TrimHorizon,
        "LATEST" => ShardPosition.Latest,
        _ when DateTimeOffset.TryParse(written, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time) => ShardPosition.AtTimestamp(time),
        _ => null,
    };
}
