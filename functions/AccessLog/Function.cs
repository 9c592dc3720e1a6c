using Amazon.Lambda.Core;
using Amazon.Lambda.KinesisEvents;
using Amazon.Lambda.Serialization.SystemTextJson;

[assembly: LambdaSerializer(typeof(DefaultLambdaJsonSerializer))]

namespace AccessLog;

/// <summary>Counts hits and bytes per client from the lines of a web server's access log.</summary>
public class Function
{
    /// <summary>Characters of a bad line in the error; a record can be a megabyte.</summary>
    private const int QuotedLengthMax = 200;

    private static readonly ClientTraffic SinceStart = new();

    /// <summary>The function as Lambda creates it: what it counts lasts as long as the process.</summary>
    public Function()
        : this(SinceStart)
    {
    }

    /// <summary>The function as a test creates it.</summary>
    public Function(ClientTraffic traffic) => Traffic = traffic;

    /// <summary>What was counted.</summary>
    public ClientTraffic Traffic { get; }

    /// <summary>Counts a batch as a whole or not at all, since a batch that throws comes again.</summary>
    /// <exception cref="FormatException">A line is not in the combined format.</exception>
    public async Task HandleAsync(KinesisEvent kinesisEvent, ILambdaContext context)
    {
        var lines = new List<AccessLogLine>(kinesisEvent.Records.Count);
        foreach (KinesisEvent.KinesisEventRecord record in kinesisEvent.Records)
            lines.Add(await ReadLineAsync(record.Kinesis));

        foreach (AccessLogLine line in lines)
            Traffic.Count(line.Client, line.Bytes);
        context.Logger.LogInformation($"Counted {lines.Count} hits.");
    }

    private static async Task<AccessLogLine> ReadLineAsync(KinesisEvent.Record record)
    {
        using var reader = new StreamReader(record.Data);
        string text = await reader.ReadToEndAsync();
        if (AccessLogLine.TryParse(text, out AccessLogLine? line))
            return line;

        string quoted = text[..Math.Min(text.Length, QuotedLengthMax)];
        throw new FormatException($"Record {record.SequenceNumber} is not a line of an access log in combined format: {quoted}");
    }
}
