using LambdaStreamRunner.Core.Histories;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Core.Guarantees.Rules;

/// <summary>At the end every record that had to be is settled, and was so in time.</summary>
internal sealed class Completeness(HistoryPromises promises, RecordTable table, ViolationList violations)
{
    private int _settledLast = -1;
    private DateTimeOffset _settledLastAt = DateTimeOffset.MinValue;

    /// <summary>A record was settled for the first time.</summary>
    public void Settled(int place, DateTimeOffset time)
    {
        if (time < _settledLastAt)
            return;
        (_settledLast, _settledLastAt) = (place, time);
    }

    /// <summary>Checks the records from a place on.</summary>
    /// <param name="shardId">The shard.</param>
    /// <param name="from">The place of the first one that had to be settled.</param>
    /// <param name="end">The end of the history.</param>
    /// <param name="lastArrival">When the last record arrived, on any shard.</param>
    /// <param name="isAtWork">True when the mapping still tries records that the others may wait for.</param>
    public void Finish(string shardId, int from, DateTimeOffset end, DateTimeOffset lastArrival, bool isAtWork)
    {
        DateTimeOffset? due = promises.SettledWithin is { } within ? (promises.FaultsEnd > lastArrival ? promises.FaultsEnd.Value : lastArrival) + within : null;
        bool isLate = isAtWork && end >= due;
        for (int place = from; place < table.Count; place++)
        {
            if (table.Has(place, Fates.Settled))
                continue;
            if (isLate && !table.HasLeft(table[place].Record, end))
                ReportLate(shardId, place, $"{HowFarOf(place)}: it is still tried, or waits for one that is, {promises.SettledWithin} after the last record and the end of the faults.");
            else
                ReportUnsettled(shardId, place, end);
        }
        if (_settledLast >= 0 && _settledLastAt > due)
            ReportLate(shardId, _settledLast, $"was settled at {_settledLastAt:O}, {_settledLastAt - due} later than {promises.SettledWithin} after the last record and the end of the faults.");
    }

    private void ReportLate(string shardId, int place, string how)
    {
        StreamRecord record = table[place].Record;
        if (violations.Counts(ViolationKind.SettledTooLate))
            violations.List(ViolationKind.SettledTooLate, shardId, record.SequenceNumber, null, $"record {record} {how}");
    }

    private string HowFarOf(int place) => table.Has(place, Fates.Delivered) ? "was delivered and never settled" : "was never delivered";

    private void ReportUnsettled(string shardId, int place, DateTimeOffset end)
    {
        HistoryStep.RecordArrived arrived = table[place];
        bool hasLeft = table.HasLeft(arrived.Record, end);
        ViolationKind kind = hasLeft ? ViolationKind.LeftRetention : ViolationKind.Lost;
        if (!violations.Counts(kind))
            return;
        string left = hasLeft ? " before it left the stream's retention" : "";
        violations.List(kind, shardId, arrived.Record.SequenceNumber, null, $"record {arrived.Record} {HowFarOf(place)}{left}.");
    }
}
