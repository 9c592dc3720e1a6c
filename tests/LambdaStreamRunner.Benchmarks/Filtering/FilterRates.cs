using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using LambdaStreamRunner.Benchmarks.Reporting;
using LambdaStreamRunner.Core.Mappings.Filtering;
using LambdaStreamRunner.Core.Mappings.Filtering.Matching;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Benchmarks.Filtering;

/// <summary>What it costs to match records of 1 KiB of JSON, where the deciding field is at the beginning, at the end, or right.</summary>
internal static class FilterRates
{
    private const int DataLength = 1024;
    private const string Pattern = """{"data":{"eventType":["paid"],"order":{"amount":[{"numeric":[">",100]}]}}}""";

    public static Task RunAsync(Effort effort, Report report)
    {
        (int count, int repetitions) = effort is Effort.Quick ? (100_000, 3) : (1_000_000, 9);
        report.Note(string.Create(CultureInfo.InvariantCulture, $"{count:N0} records of 1 KiB, {repetitions} repetitions in turns; {Pattern}\n"));
        (string Name, Func<double> Measure)[] cells =
        [
            ("refused by the first field", () => Match(RecordOf(eventType: "sent", amount: 500), count, passes: false)),
            ("refused by the last field", () => Match(RecordOf(eventType: "paid", amount: 50), count, passes: false)),
            ("passes", () => Match(RecordOf(eventType: "paid", amount: 500), count, passes: true)),
            ("data is no JSON", () => Match(StreamRecord.Create("key", new byte[DataLength], Number, DateTimeOffset.UnixEpoch), count, passes: false)),
            ("the JSON read to its end, nothing else", () => Read(RecordOf(eventType: "paid", amount: 500), count)),
        ];
        Repetitions[] rates = [.. cells.Select(_ => new Repetitions())];
        for (int repetition = -1; repetition < repetitions; repetition++)
        {
            for (int i = 0; i < cells.Length; i++)
            {
                double seconds = cells[i].Measure();
                if (repetition >= 0)                          // the first time compiles what is measured
                    rates[i].Add(count / seconds);
            }
        }
        report.Table(["", "records/s"], [.. cells.Select((cell, i) => new[] { cell.Name, rates[i].Format("N0") })]);
        report.Note("No memory is allocated per record: a run that takes more than 0.01 B a record fails.\n");
        return Task.CompletedTask;
    }

    private static SequenceNumber Number => SequenceNumber.Create(1_767_225_600, 0, 1, 1_767_225_600);

    private static double Match(StreamRecord record, int count, bool passes)
    {
        var filter = new RecordFilter(FilterCriteria.Parse(Pattern));
        filter.Matches(in record);
        long memory = GC.GetAllocatedBytesForCurrentThread();
        long start = Stopwatch.GetTimestamp();
        int matches = 0;
        for (int i = 0; i < count; i++)
            matches += filter.Matches(in record) ? 1 : 0;
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        memory = GC.GetAllocatedBytesForCurrentThread() - memory;
        if (memory >= count / 100 || matches != (passes ? count : 0))       // the clock may need some memory for its first answer
            throw new InvalidOperationException($"{matches} of {count} records matched, and {memory} bytes were allocated.");
        return seconds;
    }

    private static double Read(StreamRecord record, int count)
    {
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < count; i++)
        {
            var reader = new Utf8JsonReader(record.Data.Span);
            while (reader.Read())
            {
                // Nothing is done with it.
            }
        }
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static StreamRecord RecordOf(string eventType, int amount)
    {
        var json = new StringBuilder($"{{\"eventType\":\"{eventType}\",\"id\":\"8b9a79f0-5c1d\",\"items\":[");
        for (int item = 1; json.Length < DataLength - 110; item++)
            json.Append(CultureInfo.InvariantCulture, $"{{\"sku\":\"A-{item:0000}\",\"quantity\":{item},\"price\":{item}.95}},");
        json.Length--;
        json.Append(CultureInfo.InvariantCulture, $"],\"order\":{{\"currency\":\"EUR\",\"amount\":{amount}}}");
        json.Append($",\"note\":\"{new string('x', DataLength - json.Length - 11)}\"}}");
        return StreamRecord.Create("customer-0001234", Encoding.UTF8.GetBytes(json.ToString()), Number, DateTimeOffset.UnixEpoch);
    }
}
