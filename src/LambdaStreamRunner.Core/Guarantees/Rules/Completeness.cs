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
    public void Finish(string shardId, int from, DateTimeOffset end, DateTimeOffset lastArrival)
    {
        for (int place = from; place < table.Count; place++)
        {
            if (!table.Has(place, Fates.Settled))
                ReportUnsettled(shardId, place, end);
        }
        if (promises.SettledWithin is not { } within || _settledLast < 0)
            return;
        DateTimeOffset due = (promises.FaultsEnd > lastArrival ? promises.FaultsEnd.Value : lastArrival) + within;
        if (_settledLastAt <= due || !violations.Counts(ViolationKind.SettledTooLate))
            return;
        StreamRecord record = table[_settledLast].Record;
        violations.List(ViolationKind.SettledTooLate, shardId, record.SequenceNumber, null,
            $"record {record} was settled at {_settledLastAt:O}, {_settledLastAt - due} later than {within} after the last record and the end of the faults.");
    }

    private void ReportUnsettled(string shardId, int place, DateTimeOffset end)
    {
        HistoryStep.RecordArrived arrived = table[place];
        bool hasLeft = table.HasLeft(arrived.Record, end);
        ViolationKind kind = hasLeft ? ViolationKind.LeftRetention : ViolationKind.Lost;
        if (!violations.Counts(kind))
            return;
        string tried = table.Has(place, Fates.Delivered) ? "was delivered and never settled" : "was never delivered";
        string left = hasLeft ? " before it left the stream's retention" : "";
        violations.List(kind, shardId, arrived.Record.SequenceNumber, null, $"record {arrived.Record} {tried}{left}.");
    }
}
