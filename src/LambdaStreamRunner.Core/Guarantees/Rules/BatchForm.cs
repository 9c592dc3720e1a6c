using LambdaStreamRunner.Core.Contracts;
using LambdaStreamRunner.Core.Histories;
using LambdaStreamRunner.Core.Mappings.Windows;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Core.Guarantees.Rules;

/// <summary>A batch fits into an event, has a purpose, and all of its records are of its shard and its tumbling window.</summary>
internal sealed class BatchForm(HistoryPromises promises, ViolationList violations)
{
    private readonly bool _hasWindows = promises.Mapping.TumblingWindow > TimeSpan.Zero;

    /// <summary>Bytes of the event with these records.</summary>
    public long EventLengthOf(ReadOnlySpan<StreamRecord> records, TimeWindow? window)
    {
        long length = KinesisEventFormat.EnvelopeLength + Math.Max(0, records.Length - 1) + ((long)records.Length * promises.FixedRecordLength);
        if (window is not null)
            length += promises.FixedWindowLength + window.Window.State.Length;
        foreach (ref readonly StreamRecord record in records)
            length += record.EventLength;
        return length;
    }

    /// <summary>Checks a batch, except that its records are of the shard.</summary>
    public void Check(HistoryStep.InvocationStarted started)
    {
        ReadOnlySpan<StreamRecord> records = started.Records.Span;
        bool endsWindow = started.Window is { IsFinalInvoke: true };
        if (records.IsEmpty != endsWindow)
        {
            Report(ViolationKind.BatchWithoutPurpose, started, default, endsWindow
                ? $"invocation {started.RequestId} ends a tumbling window and has {records.Length} records; the final invocation has none."
                : $"invocation {started.RequestId} has no records, and ends no tumbling window.");
        }
        if (EventLengthOf(records, started.Window) is var length and > KinesisEventFormat.EventLengthMax)
        {
            Report(ViolationKind.EventTooLarge, started, default,
                $"the event of invocation {started.RequestId} has {length} bytes; {KinesisEventFormat.EventLengthMax} is the most that a function can get.");
        }
        if (_hasWindows)
            CheckWindow(started);
    }

    /// <summary>Says that a record is not one of the shard.</summary>
    public void ReportElsewhere(HistoryStep.InvocationStarted started, in StreamRecord record) =>
        Report(ViolationKind.RecordOfElsewhere, started, record.SequenceNumber, $"invocation {started.RequestId} has record {record}, which never arrived on this shard.");

    private void CheckWindow(HistoryStep.InvocationStarted started)
    {
        if (started.Window is not { } told)
        {
            Report(ViolationKind.RecordOutsideWindow, started, default, $"invocation {started.RequestId} was not told its tumbling window.");
            return;
        }
        long end = told.Window.End.ToUnixTimeMilliseconds();
        foreach (ref readonly StreamRecord record in started.Records.Span)
        {
            if (record.ArrivalMilliseconds < end)
                continue;
            Report(ViolationKind.RecordOutsideWindow, started, record.SequenceNumber,
                $"invocation {started.RequestId} of the window that ends at {told.Window.End:O} has record {record}, which arrived at {record.Arrival:O}.");
            return;
        }
    }

    private void Report(ViolationKind kind, HistoryStep.InvocationStarted started, SequenceNumber number, string message)
    {
        if (violations.Counts(kind))
            violations.List(kind, started.ShardId, number, started.RequestId, message);
    }
}
