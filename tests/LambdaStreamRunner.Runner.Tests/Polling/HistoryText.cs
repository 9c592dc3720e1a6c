using System.Globalization;
using System.Text;
using LambdaStreamRunner.Core.Contracts;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Core.Mappings.Ordering;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Runner.Tests.Polling;

/// <summary>What a driver did, as lines that can be compared and read.</summary>
internal static class HistoryText
{
    public static string Call(DateTimeOffset time, int lane, Guid requestId, ReadOnlySpan<StreamRecord> records, BatchOutcome outcome) =>
        $"{Seconds(time)} lane {lane} {requestId} [{Payloads(records)}] {outcome}";

    public static string Discard(DateTimeOffset time, DiscardedBatch batch) =>
        $"{Seconds(time)} {batch.Reason} {batch.RequestId} [{Payloads(batch.Records.AsSpan())}] after {batch.ApproximateInvokeCount}";

    public static string Checkpoint(DateTimeOffset time, ShardCheckpoint checkpoint) =>
        $"{Seconds(time)} {checkpoint.Position}{(checkpoint.ShardEnded ? " ended" : "")}";

    /// <summary>The payloads in the brackets of a line.</summary>
    public static string PayloadsIn(string line) => line[(line.IndexOf('[', StringComparison.Ordinal) + 1)..line.IndexOf(']', StringComparison.Ordinal)];

    public static string SecondsIn(string line) => line[..line.IndexOf(' ', StringComparison.Ordinal)];

    private static string Seconds(DateTimeOffset time) => (time - PumpWorld.Start).TotalSeconds.ToString("0.#######", CultureInfo.InvariantCulture);

    private static string Payloads(ReadOnlySpan<StreamRecord> records)
    {
        var text = new StringBuilder();
        foreach (ref readonly StreamRecord record in records)
            text.Append(text.Length == 0 ? "" : " ").Append(Encoding.UTF8.GetString(record.Data.Span));
        return text.ToString();
    }
}
