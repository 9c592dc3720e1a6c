using System.Text.Json;
using LambdaStreamRunner.Runner.Redriving;

namespace LambdaStreamRunner.Host.Verbs;

/// <summary>The one JSON document of <c>redrive --json</c>.</summary>
internal sealed record RedriveSummary(IReadOnlyList<RedriveSummary.Entry> Documents, int Succeeded, int Failed, int NotSent, int Missing)
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static RedriveSummary Of(IReadOnlyList<RedriveResult> results, bool isDry) => new(
        [.. results.Select(result => EntryOf(result, isDry))],
        results.Sum(result => result.Succeeded),
        results.Sum(result => result.Failed),
        results.Sum(result => result.NotSent),
        results.Sum(result => result.Missing));

    public string ToJson() => JsonSerializer.Serialize(this, Options);

    private static Entry EntryOf(RedriveResult result, bool isDry) => new(
        result.Mapping, result.Document.ShardId, result.Document.Start.ToString(), result.Document.End.ToString(), result.Document.BatchSize,
        result.Document.Payload.IsEmpty ? "stream" : "payload",
        result.Records.Length, result.Succeeded, result.Failed, result.NotSent, result.Missing, result.Warning, result.Error,
        isDry ? [.. result.Records.Select(record => new Found(record.SequenceNumber.ToString(), record.PartitionKey, record.DataLength))] : null);

    internal sealed record Entry(
        string Mapping, string ShardId, string StartSequenceNumber, string EndSequenceNumber, int BatchSize, string Source,
        int Records, int Succeeded, int Failed, int NotSent, int Missing, string? Warning, string? Error, IReadOnlyList<Found>? Found);

    internal sealed record Found(string SequenceNumber, string PartitionKey, int Bytes);
}
