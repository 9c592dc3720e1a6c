using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using LambdaStreamRunner.Core.Contracts;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Core.Mappings.Batching;
using LambdaStreamRunner.Core.Mappings.Retrying;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Core.Histories.Lines;

/// <summary>One step of a history as one line.</summary>
internal static class StepLine
{
    /// <summary>The member that tells this line from others: the name of the case.</summary>
    public const string Step = "step";

    private const int YearMin = 1970;
    private const int YearMax = 9900;

    public static void Write(Utf8JsonWriter json, HistoryStep step)
    {
        json.WriteString(Step, step.GetType().Name);
        json.WriteString("time", step.Time.UtcDateTime);
        json.WriteString("shard", step.ShardId);
        switch (step)
        {
            case HistoryStep.ShardCreated created:
                Write(json, created);
                break;
            case HistoryStep.ShardClosed or HistoryStep.MachineCrashed:
                break;
            case HistoryStep.RecordArrived arrived:
                KnownRecords.WriteWhole(json, arrived.Record);
                break;
            case HistoryStep.MachineBegan began:
                CheckpointLine.Write(json, "from", began.From);
                break;
            case HistoryStep.MachineClosed closed:
                json.WriteString("reason", closed.Reason.ToString());
                break;
            case HistoryStep.InvocationStarted started:
                Write(json, started);
                break;
            case HistoryStep.InvocationEnded ended:
                json.WriteString("requestId", ended.RequestId);
                OutcomeLine.Write(json, ended.Outcome);
                break;
            case HistoryStep.Filtered filtered:
                KnownRecords.WriteNumbers(json, filtered.Records.Span);
                break;
            case HistoryStep.Discarded discarded:
                Write(json, discarded.Batch);
                break;
            case HistoryStep.DiscardSettled settled:
                Write(json, settled.Batch);
                if (settled.Error is not null)
                    json.WriteString("deliveryError", settled.Error);
                break;
            case HistoryStep.CheckpointSaved saved:
                CheckpointLine.Write(json, "checkpoint", saved.Checkpoint);
                break;
            case HistoryStep.EffectMade effect:
                Write(json, effect);
                break;
            default:
                throw new UnreachableException();
        }
    }

    public static HistoryStep Read(Members line, KnownRecords records)
    {
        string step = line.Text(Step);
        DateTimeOffset time = TimeOf(line);
        string shard = line.Text("shard");
        return step switch
        {
            nameof(HistoryStep.ShardCreated) => new HistoryStep.ShardCreated(time, shard, RangeOf(line), [.. line.Texts("parents")]),
            nameof(HistoryStep.ShardClosed) => new HistoryStep.ShardClosed(time, shard),
            nameof(HistoryStep.RecordArrived) => new HistoryStep.RecordArrived(time, shard, records.ReadWhole(line, shard)),
            nameof(HistoryStep.MachineBegan) => new HistoryStep.MachineBegan(time, shard, CheckpointLine.Read(line, "from")),
            nameof(HistoryStep.MachineCrashed) => new HistoryStep.MachineCrashed(time, shard),
            nameof(HistoryStep.MachineClosed) => new HistoryStep.MachineClosed(time, shard, line.Word<CloseReason>("reason")),
            nameof(HistoryStep.InvocationStarted) => ReadStarted(line, time, shard, records),
            nameof(HistoryStep.InvocationEnded) => ReadEnded(line, time, shard, records),
            nameof(HistoryStep.Filtered) => new HistoryStep.Filtered(time, shard, records.ReadNumbers(line, shard)),
            nameof(HistoryStep.Discarded) => new HistoryStep.Discarded(time, shard, ReadDiscard(line, shard, records)),
            nameof(HistoryStep.DiscardSettled) => new HistoryStep.DiscardSettled(time, shard, ReadDiscard(line, shard, records), line.FindText("deliveryError")),
            nameof(HistoryStep.CheckpointSaved) => new HistoryStep.CheckpointSaved(time, shard, CheckpointLine.Read(line, "checkpoint")),
            nameof(HistoryStep.EffectMade) => new HistoryStep.EffectMade(time, shard, line.Id("requestId"), line.Flag("isWithinInvocation"), line.Text("key"), line.Text("value")),
            _ => throw new BadLineException($"has a \"step\" that is '{step}', which this version does not know. Perhaps a newer version wrote it: use that one."),
        };
    }

    private static void Write(Utf8JsonWriter json, HistoryStep.ShardCreated created)
    {
        json.WriteString("startingHashKey", created.Range.StartingHashKey.ToString(CultureInfo.InvariantCulture));
        json.WriteString("endingHashKey", created.Range.EndingHashKey.ToString(CultureInfo.InvariantCulture));
        json.WriteStartArray("parents");
        foreach (string parent in created.Parents)
            json.WriteStringValue(parent);
        json.WriteEndArray();
    }

    private static HashKeyRange RangeOf(Members line) => new(line.HashKey("startingHashKey"), line.HashKey("endingHashKey"));

    private static void Write(Utf8JsonWriter json, HistoryStep.InvocationStarted started)
    {
        json.WriteNumber("lane", started.Lane);
        json.WriteString("requestId", started.RequestId);
        json.WriteNumber("attempt", started.Attempt);
        if (started.ClosedBy is { } reason)
            json.WriteString("closedBy", reason.ToString());
        WindowLine.Write(json, started.Window);
        KnownRecords.WriteNumbers(json, started.Records.Span);
    }

    private static HistoryStep.InvocationStarted ReadStarted(Members line, DateTimeOffset time, string shard, KnownRecords records)
    {
        int lane = line.Integer("lane", 0, EventSourceMappingLimits.ParallelizationFactorMax - 1);
        var started = new HistoryStep.InvocationStarted(time, shard, lane, line.Id("requestId"), line.Integer("attempt", 1, int.MaxValue), records.ReadNumbers(line, shard))
        {
            ClosedBy = line.FindWord<FlushReason>("closedBy"),
            Window = WindowLine.FindTimeWindow(line),
        };
        records.Begin(started);
        return started;
    }

    private static HistoryStep.InvocationEnded ReadEnded(Members line, DateTimeOffset time, string shard, KnownRecords records)
    {
        Guid id = line.Id("requestId");
        return new HistoryStep.InvocationEnded(time, shard, id, OutcomeLine.Read(line, records.End(shard, id)));
    }

    // Retentions are subtracted from it, and the stretch that is shown is added to it.
    private static DateTimeOffset TimeOf(Members line) =>
        line.Time("time") is { Year: >= YearMin and <= YearMax } time ? time : throw Members.Wrong("time", $"between the years {YearMin} and {YearMax}");

    private static void Write(Utf8JsonWriter json, DiscardedBatch batch)
    {
        json.WriteString("condition", batch.Reason.ToString());
        json.WriteString("requestId", batch.RequestId);
        json.WriteNumber("approximateInvokeCount", batch.ApproximateInvokeCount);
        json.WriteString("discarded", batch.Time.UtcDateTime);
        if (batch.Response is { } response)
        {
            json.WriteStartObject("response");
            if (response.FunctionError is not null)
                json.WriteString("functionError", response.FunctionError);
            if (response.Error is not null)
                json.WriteString("error", response.Error);
            json.WriteEndObject();
        }
        WindowLine.Write(json, batch.Window);
        KnownRecords.WriteNumbers(json, batch.Records.AsSpan());
    }

    private static DiscardedBatch ReadDiscard(Members line, string shard, KnownRecords records)
    {
        DiscardedResponse? response = line.FindObject("response") is { } members
            ? new DiscardedResponse(members.FindText("functionError"), members.FindText("error"))
            : null;
        ImmutableArray<StreamRecord> batch = [.. records.ReadNumbers(line, shard)];
        return new DiscardedBatch(
            batch, line.Word<DiscardReason>("condition"), line.Id("requestId"), line.Integer("approximateInvokeCount"), response, line.Time("discarded"))
        {
            Window = WindowLine.FindTimeWindow(line),
        };
    }

    private static void Write(Utf8JsonWriter json, HistoryStep.EffectMade effect)
    {
        json.WriteString("requestId", effect.RequestId);
        json.WriteBoolean("isWithinInvocation", effect.IsWithinInvocation);
        json.WriteString("key", effect.Key);
        json.WriteString("value", effect.Value);
    }
}
