using AccessLog;
using Amazon.Lambda.Core;
using Amazon.Lambda.KinesisEvents;
using Amazon.Lambda.RuntimeSupport;
using Amazon.Lambda.Serialization.SystemTextJson;

// Characters of a bad line in the error; a record can be a megabyte.
const int QuotedLengthMax = 200;

// What is counted lasts as long as the execution environment.
var traffic = new ClientTraffic();

await LambdaBootstrapBuilder.Create<KinesisEvent>(CountAsync, new DefaultLambdaJsonSerializer()).Build().RunAsync();

// Counts a batch as a whole or not at all, since a batch that throws comes again.
async Task CountAsync(KinesisEvent kinesisEvent, ILambdaContext context)
{
    var lines = new List<AccessLogLine>(kinesisEvent.Records.Count);
    foreach (KinesisEvent.KinesisEventRecord record in kinesisEvent.Records)
        lines.Add(await ReadLineAsync(record.Kinesis));

    foreach (AccessLogLine line in lines)
        traffic.Count(line.Client, line.Bytes);
    context.Logger.LogInformation($"Counted {lines.Count} hits.");
}

static async Task<AccessLogLine> ReadLineAsync(KinesisEvent.Record record)
{
    using var reader = new StreamReader(record.Data);
    string text = await reader.ReadToEndAsync();
    if (AccessLogLine.TryParse(text, out AccessLogLine? line))
        return line;

    string quoted = text[..Math.Min(text.Length, QuotedLengthMax)];
    throw new FormatException($"Record {record.SequenceNumber} is not a line of an access log in combined format: {quoted}");
}
