using System.CommandLine;
using LambdaStreamRunner.Aggregation;
using LambdaStreamRunner.Host.Producing;
using LambdaStreamRunner.Runner.Input;

namespace LambdaStreamRunner.Host.Verbs;

/// <summary><c>put</c>: puts a file, standard input or generated records onto a stream.</summary>
internal static class PutVerb
{
    /// <summary>One record in a quarter of an hour: below it, nobody would see that anything happens.</summary>
    private const double RateMin = 0.001;

    private static readonly Option<string> Stream = new("--stream") { Description = "The stream.", HelpName = "NAME", Required = true };

    private static readonly Option<string> Input = new("--input")
    {
        Description = "One record per line; '-' (the default) reads standard input.",
        DefaultValueFactory = _ => InputFile.StandardInput,
        HelpName = "FILE",
    };

    private static readonly Option<string?> PartitionKey = new("--partition-key")
    {
        Description = "Key of each line: $.user.id is a JSON path, /^(\\S+)/ a regular expression, anything else the key itself.",
        HelpName = "EXPR",
    };

    private static readonly Option<long?> Generate = new("--generate") { Description = "Make so many records instead of reading any.", HelpName = "COUNT" };

    private static readonly Option<int> Keys = new("--keys") { Description = "Different keys of --generate.", DefaultValueFactory = _ => 1000, HelpName = "COUNT" };

    private static readonly Option<bool> Zipf = new("--zipf") { Description = "Keys of --generate are unevenly frequent, by Zipf's law; round robin otherwise." };

    private static readonly Option<int> Size = new("--size") { Description = "Bytes of each record of --generate.", DefaultValueFactory = _ => 100, HelpName = "BYTES" };

    private static readonly Option<int> Seed = new("--seed") { Description = "Seed of --generate.", DefaultValueFactory = _ => 1, HelpName = "NUMBER" };

    private static readonly Option<Uri> Endpoint = new("--endpoint")
    {
        Description = "A local Kinesis endpoint.",
        DefaultValueFactory = _ => new Uri("http://127.0.0.1:4566"),
        CustomParser = result => Uri.TryCreate(result.Tokens[0].Value, UriKind.Absolute, out Uri? uri) && uri.Scheme is "http" or "https"
            ? uri
            : Refuse(result),
        HelpName = "URL",
    };

    private static readonly Option<double?> Rate = new("--rate") { Description = "Records per second; as fast as possible by default.", HelpName = "N" };

    private static readonly Option<int> Connections = new("--connections")
    {
        Description = "Requests under way at once.",
        DefaultValueFactory = _ => ProducerOptions.DefaultConnections,
        HelpName = "COUNT",
    };

    private static readonly Option<bool> Aggregate = new("--aggregate") { Description = "Put many records into one Kinesis record, as KPL does; consumers must open them." };

    private static readonly Option<int?> AggregateSize = new("--aggregate-size")
    {
        Description = $"Most bytes of an aggregated record's data; {RecordAggregator.DefaultSizeMax} by default.",
        HelpName = "BYTES",
    };

    private static readonly Option<bool> Unordered = new("--unordered")
    {
        Description = "Do not keep order per key: much faster with few keys, since records of one key need not wait for each other.",
    };

    private static readonly Option<bool> Json = new("--json") { Description = "Print the result as one JSON document on standard output." };

    public static Command Create()
    {
        var command = new Command("put", """
            Puts records onto a stream, in order per partition key. Refused records are tried again.

            Examples:
              lambda-stream put --stream clicks --input access.log --partition-key '/^(\S+)/' --rate 500
              lambda-stream put --stream clicks --generate 10000 --keys 50 --zipf --size 200
              lambda-stream put --stream clicks --input access.log --partition-key '/^(\S+)/' --aggregate
            """)
        {
            Stream, Input, PartitionKey, Generate, Keys, Zipf, Size, Seed, Endpoint, Rate, Connections, Aggregate, AggregateSize, Unordered, Json,
        };
        command.SetAction((parsed, _) => PutAsync(parsed));
        return command;
    }

    internal static IEnumerable<string> Mistakes(ParseResult result)
    {
        bool generates = result.GetValue(Generate) is not null;
        if (!generates && result.GetValue(PartitionKey) is null)
            yield return "--partition-key EXPR says which key a line gets; add it (or make records with --generate COUNT).";
        if (generates && result.GetValue(PartitionKey) is not null)
            yield return "--partition-key goes with --input; generated records have keys of their own.";
        if (result.GetValue(Generate) < 0)
            yield return "--generate takes 0 or more.";
        if (result.GetValue(Keys) is < 1 or > RecordGenerator.KeyCountMax)
            yield return $"--keys takes 1 to {RecordGenerator.KeyCountMax}.";
        if (result.GetValue(Size) is < 0 or > Line.RecordBytesMax - 16)
            yield return $"--size takes 0 to {Line.RecordBytesMax - 16}.";
        if (result.GetValue(Rate) is { } rate && rate is not (>= RateMin and < double.PositiveInfinity))
            yield return FormattableString.Invariant($"--rate takes a number above 0: {RateMin} or more.");
        if (result.GetValue(Connections) is < 1 or > ProducerOptions.ConnectionsMax)
            yield return $"--connections takes 1 to {ProducerOptions.ConnectionsMax}.";
        if (result.GetValue(AggregateSize) is not null && !result.GetValue(Aggregate))
            yield return "--aggregate-size goes with --aggregate; add that.";
        if (result.GetValue(AggregateSize) is < RecordAggregator.SizeMinimum or > RecordAggregator.SizeLimit)
            yield return $"--aggregate-size takes {RecordAggregator.SizeMinimum} to {RecordAggregator.SizeLimit}.";
        if (result.GetValue(PartitionKey) is { } written && !PartitionKeyExpression.TryParse(written, out _, out string? wrong))
            yield return $"--partition-key: {wrong}";
        if (!generates && !InputFile.CanRead(result.GetValue(Input)!, out string? unreadable))
            yield return $"--input: {unreadable}";
        if (result.GetValue(Endpoint) is { } endpoint && endpoint.Host.Contains(".amazonaws.com", StringComparison.OrdinalIgnoreCase))
            yield return "--endpoint: requests are not signed so far, so AWS itself cannot be reached; name a local endpoint.";
    }

    private static async Task<int> PutAsync(ParseResult parsed)
    {
        if (Screen.ComplainAbout(Mistakes(parsed)))
            return ExitCodes.WrongUsage;
        using var interruptions = new Interruptions();
        ProducerOptions options = OptionsOf(parsed);
        using var endpoint = new KinesisEndpoint(parsed.GetValue(Endpoint)!, options.Connections, TimeProvider.System);
        var put = new Put(endpoint, parsed.GetValue(Stream)!, options, new Pace(parsed.GetValue(Rate), TimeProvider.System), Screen.Open(parsed.GetValue(Json)), TimeProvider.System);
        int exit = ExitCodes.Done;
        try
        {
            await PutAsync(parsed, put, interruptions);
        }
        catch (Exception refused) when (refused is ProducerException or IOException or UnauthorizedAccessException)
        {
            Screen.Complain(refused.Message);
            exit = put.Counts.Put == 0 ? ExitCodes.CouldNotRun : ExitCodes.DoneWithLosses;
        }
        catch (OperationCanceledException) when (interruptions.Stop.IsCancellationRequested)
        {
            Screen.Complain("Interrupted.");
            exit = ExitCodes.DoneWithLosses;
        }
        put.Conclude(parsed.GetValue(Json));
        return exit == ExitCodes.Done && put.Refused > 0 ? ExitCodes.DoneWithLosses : exit;
    }

    private static async Task PutAsync(ParseResult parsed, Put put, Interruptions interruptions)
    {
        if (parsed.GetValue(Generate) is { } count)
        {
            KeyDistribution keys = parsed.GetValue(Zipf) ? KeyDistribution.Zipf : KeyDistribution.RoundRobin;
            await put.GeneratedAsync(
                new RecordGenerator(count, parsed.GetValue(Keys), keys, parsed.GetValue(Size), parsed.GetValue(Seed)), interruptions.Stop, interruptions.Abandon);
            return;
        }
        await using Stream input = InputFile.Open(parsed.GetValue(Input)!);
        await put.LinesAsync(input, PartitionKeyExpression.Parse(parsed.GetValue(PartitionKey)!), interruptions.Stop, interruptions.Abandon);
    }

    private static ProducerOptions OptionsOf(ParseResult parsed) => new()
    {
        Connections = parsed.GetValue(Connections),
        Order = parsed.GetValue(Unordered) ? KeyOrder.NotKept : KeyOrder.Kept,
        AggregateSizeMax = parsed.GetValue(Aggregate) ? parsed.GetValue(AggregateSize) ?? RecordAggregator.DefaultSizeMax : null,
    };

    private static Uri? Refuse(System.CommandLine.Parsing.ArgumentResult result)
    {
        result.AddError($"--endpoint is '{result.Tokens[0].Value}'; it must be a URL such as http://127.0.0.1:4566.");
        return null;
    }
}
