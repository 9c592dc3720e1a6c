using LambdaStreamRunner.Core.Contracts;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Core.Mappings.Batching;

/// <summary>The 6 MB of one event, used up record by record.</summary>
/// <param name="fixedRecordLength">Bytes of every record besides its own values.</param>
/// <param name="envelopeLength">Bytes of the event without records.</param>
/// <param name="arrivalBefore">Records that arrived then or later belong to another event.</param>
internal ref struct BatchBudget(int fixedRecordLength, int envelopeLength = KinesisEventFormat.EnvelopeLength, long arrivalBefore = long.MaxValue)
{
    private int _records;

    /// <summary>Bytes of the records so far, without envelope and commas.</summary>
    public long RecordsLength { get; private set; }

    /// <summary>Adds a record when it fits; the first one is always added, too large or not.</summary>
    public bool TryAdd(in StreamRecord record)
    {
        long length = RecordsLength + record.EventLength + fixedRecordLength;
        if (_records > 0 && (envelopeLength + length + _records > KinesisEventFormat.EventLengthMax || record.ArrivalMilliseconds >= arrivalBefore))
            return false;

        RecordsLength = length;
        _records++;
        return true;
    }
}
