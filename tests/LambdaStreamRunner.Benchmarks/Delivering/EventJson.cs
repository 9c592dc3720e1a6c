using System.Diagnostics;
using System.Globalization;
using Amazon.Lambda.Core;
using Amazon.Lambda.KinesisEvents;
using Amazon.Lambda.Serialization.SystemTextJson;
using LambdaStreamRunner.Benchmarks.Reporting;
using LambdaStreamRunner.Core.Contracts;
using LambdaStreamRunner.Core.Streams;

[assembly: LambdaSerializer(typeof(DefaultLambdaJsonSerializer))]

namespace LambdaStreamRunner.Benchmarks.Delivering;

/// <summary>What delivery costs beside the JSON of its events: the same batches through the runner, and only written and parsed.</summary>
internal static class EventJson
{
    public const int BatchSize = 100;
    private const int DataLength = 1024;

    public static async Task RunAsync(Effort effort, Report report)
    {
        (int count, int repetitions) = effort is Effort.Quick ? (20_000, 3) : (100_000, 9);
        StreamRecord[] records = MakeRecords(count);
        (Repetitions delivered, Repetitions alone, Repetitions written) = (new(), new(), new());
        for (int repetition = -1; repetition < repetitions; repetition++)
        {
            (double delivery, double json, double writing) = (await DeliverAsync(records), WriteAndParse(records), Write(records));
            if (repetition < 0)
                continue;                                     // compiled what is measured
            delivered.Add(count / delivery);
            alone.Add(count / json);
            written.Add(count / writing);
        }
        report.Note(string.Create(CultureInfo.InvariantCulture, $"{count:N0} records of 1 KiB, {repetitions} repetitions in turns; one lane, so that both are one batch after the other\n"));
        report.Table(
            ["", "records/s"],
            [
                ["delivered to a no-op handler", delivered.Format("N0")],
                ["events written and parsed, nothing else", alone.Format("N0")],
                ["events written, nothing else", written.Format("N0")],
                ["delivered ÷ written and parsed (the share of event JSON)", Repetitions.Ratios(delivered, alone).Format("0.00")],
            ]);
    }

    private static async Task<double> DeliverAsync(StreamRecord[] records)
    {
        (int seen, long start, long end) = (0, 0L, 0L);
        await using var one = new OneStream(
            (KinesisEvent kinesisEvent) =>
            {
                end = Stopwatch.GetTimestamp();
                start = seen == 0 ? end : start;
                seen += kinesisEvent.Records.Count;
            },
            mapping => mapping with { BatchSize = BatchSize });
        foreach (StreamRecord record in records)
            one.Stream.Put(record.PartitionKey, record.Data);
        await one.StartAsync();
        await one.DrainAsync();
        return seen == records.Length ? Stopwatch.GetElapsedTime(start, end).TotalSeconds : throw new InvalidOperationException($"{seen} of {records.Length} records were handled.");
    }

    public static double WriteAndParse(StreamRecord[] records)
    {
        var serializer = new DefaultLambdaJsonSerializer();
        int seen = 0;
        double seconds = ForEachEvent(records, (buffer, length) => seen += serializer.Deserialize<KinesisEvent>(new MemoryStream(buffer, 0, length)).Records.Count);
        return seen == records.Length ? seconds : throw new InvalidOperationException($"{seen} of {records.Length} records were parsed.");
    }

    private static double Write(StreamRecord[] records) => ForEachEvent(records, (_, _) => { });

    public static KinesisEventWriter NewWriter() => new(
        "arn:aws:kinesis:us-east-1:000000000000:stream/work", "us-east-1", "arn:aws:iam::000000000000:role/Worker", "shardId-000000000000");

    private static double ForEachEvent(StreamRecord[] records, Action<byte[], int> use)
    {
        KinesisEventWriter events = NewWriter();
        byte[] buffer = new byte[events.Measure(records.AsSpan(0, BatchSize)) * 2];
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < records.Length; i += BatchSize)
            use(buffer, events.Write(records.AsSpan(i, BatchSize), buffer));
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    public static StreamRecord[] MakeRecords(int count)
    {
        var random = new Random(1);
        byte[] data = new byte[DataLength];
        var records = new StreamRecord[count];
        for (int i = 0; i < count; i++)
        {
            random.NextBytes(data);
            records[i] = StreamRecord.Create($"key-{i % 1000}", data, SequenceNumber.Create(1_767_225_600, 0, (ulong)i + 1, 1_767_225_600), DateTimeOffset.UnixEpoch.AddSeconds(1_767_225_600));
        }
        return records;
    }
}
