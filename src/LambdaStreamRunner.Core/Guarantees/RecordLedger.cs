using System.Runtime.CompilerServices;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Core.Guarantees;

/// <summary>What has become of the records of one shard: delivered, settled, filtered out. Each counts once, and what happens to one a second time is reported.</summary>
/// <remarks>It remembers what lies above the checkpoint.</remarks>
internal sealed class RecordLedger(OpenKeys keys, ViolationLog violations)
{
    private readonly SettledLog _settledInLife = new();
    private readonly FilteredLog _filteredInLife = new();
    private SequenceNumber _filteredEver;                     // highest number that any life filtered

    /// <summary>Different records handed to the handler.</summary>
    public long DistinctRecords { get; private set; }

    /// <summary>Different records that succeeded, were filtered or were discarded.</summary>
    public long Settled { get; private set; }

    /// <summary>Every record below it is settled; zero before the first checkpoint.</summary>
    public SequenceNumber Checkpoint { get; set; }

    /// <summary>Number of the machine that decides, from 1.</summary>
    public int Life { get; private set; } = 1;

    /// <summary>A new machine begins, with nothing in flight.</summary>
    public void BeginLife(SequenceNumber checkpoint)
    {
        Checkpoint = checkpoint;
        _settledInLife.Clear();
        _filteredInLife.Clear();
        Life++;
    }

    /// <summary>The history of a record's key; null when the key is not in the sample.</summary>
    public KeyHistory? Open(in StreamRecord record) => keys.Open(record, Life, Checkpoint);

    /// <summary>A record of a key that is not watched was delivered: it counts as a distinct one.</summary>
    public void CountUnwatched() => DistinctRecords++;

    /// <summary>A record was delivered; false when it was settled already, which is reported.</summary>
    public bool TryDeliver(KeyHistory key, Guid requestId, in StreamRecord record) =>
        TryRepeatUnsettled(key, record.SequenceNumber) || TryOpen(key, requestId, record);

    /// <summary>Records were filtered out where they were read.</summary>
    public void Filter(ReadOnlySpan<StreamRecord> records)
    {
        foreach (ref readonly StreamRecord record in records)
        {
            SequenceNumber number = record.SequenceNumber;
            if (number <= _filteredInLife.Highest || number < Checkpoint)
            {
                violations.FilteredThoughSettled(record);
                continue;
            }
            _filteredInLife.Add(number);
            CountFiltered(record);
        }
    }

    /// <summary>The handler has done the first records of a batch.</summary>
    public void Settle(RunningDelivery delivery, int count)
    {
        foreach (ref readonly DeliveredRecord record in delivery.Records[..count])
        {
            if (record.IsRepeated)
                continue;
            if (record.Key is null or { IsForgotten: true })
                Settled++;
            else if (!TrySettle(record.Key, record.Number))
                violations.SettledTwice(delivery.RequestId, record.Key, record.Number);
        }
    }

    /// <summary>Records are settled without having succeeded, whether the handler saw them or not.</summary>
    public void SettleUndelivered(ReadOnlySpan<StreamRecord> records)
    {
        foreach (ref readonly StreamRecord record in records)
        {
            KeyHistory? key = Open(record);
            if (key is null)
            {
                Settled++;
                continue;
            }
            SequenceNumber number = record.SequenceNumber;
            if (TrySettle(key, number))
            {
                key.Reached(number);
                continue;
            }
            if (number < Checkpoint || number == key.HighestInLife || _filteredInLife.Contains(number) || _settledInLife.Contains(number))
            {
                violations.SettledTwice(null, key, number);
                continue;
            }
            if (number > key.HighestEver)
                Settled++;
            key.Reached(number);
            _settledInLife.Add(number);
        }
    }

    /// <summary>The handler never had the batch.</summary>
    public void Withdraw(RunningDelivery delivery)
    {
        foreach (ref readonly DeliveredRecord record in delivery.Records)
        {
            if (record.Key is null or { IsForgotten: true })
            {
                DistinctRecords--;
                continue;
            }
            ref UnsettledRecord unsettled = ref record.Key.Find(record.Number);
            if (!Unsafe.IsNullRef(ref unsettled) && --unsettled.Deliveries == 0 && !unsettled.WasSettledBefore)
                DistinctRecords--;
        }
    }

    /// <summary>How a record was lost; null when it was not.</summary>
    public string? LossOf(in StreamRecord record)
    {
        KeyHistory? key = keys.Find(record.KeyHash, Life);
        if (key is not null && !Unsafe.IsNullRef(ref key.Find(record.SequenceNumber)))
            return "was delivered and never settled";
        if (record.SequenceNumber < Checkpoint || _filteredInLife.MayContain(record.SequenceNumber))
            return null;
        return key is null || record.SequenceNumber > key.HighestEver ? "was never delivered" : null;
    }

    /// <summary>Counts a further delivery of a record that waits to be settled; false when it does not.</summary>
    private bool TryRepeatUnsettled(KeyHistory key, SequenceNumber number)
    {
        ref UnsettledRecord unsettled = ref key.Find(number);
        if (Unsafe.IsNullRef(ref unsettled))
            return false;
        if (unsettled.Deliveries++ == 0 && !unsettled.WasSettledBefore)
            DistinctRecords++;
        key.Reached(number);
        return true;
    }

    /// <summary>Takes a record that is not known as unsettled; false when it was settled already.</summary>
    private bool TryOpen(KeyHistory key, Guid requestId, in StreamRecord record)
    {
        SequenceNumber number = record.SequenceNumber;
        if (number < Checkpoint)
        {
            violations.RedeliveredSettled(requestId, record, "lies before the checkpoint");
            return false;
        }
        if (_filteredInLife.Contains(number))
        {
            violations.RedeliveredSettled(requestId, record, "was filtered out");
            return false;
        }
        if (number <= key.HighestInLife)
        {
            if (number == key.HighestInLife || !violations.WillList || _settledInLife.Contains(number))
            {
                violations.RedeliveredSettled(requestId, record, "was settled");
                return false;
            }
            violations.FirstDeliveryOutOfOrder(requestId, record, key.HighestInLife);
            DistinctRecords++;
            keys.AddUnsettled(key, new UnsettledRecord(number, 1, WasSettledBefore: false));
            return true;
        }

        bool wasSettledBefore = number <= key.HighestEver;
        if (!wasSettledBefore)
            DistinctRecords++;
        key.Reached(number);
        keys.AddUnsettled(key, new UnsettledRecord(number, 1, wasSettledBefore));
        return true;
    }

    // An earlier life, with other filters perhaps, may have delivered or filtered it: it counts once.
    private void CountFiltered(in StreamRecord record)
    {
        SequenceNumber number = record.SequenceNumber;
        KeyHistory? key = keys.Find(record.KeyHash, Life);
        bool wasUnsettled = key is not null && TrySettle(key, number);
        if (!wasUnsettled && number > _filteredEver && !(number <= key?.HighestEver))
            Settled++;
        if (number > _filteredEver)
            _filteredEver = number;
    }

    /// <summary>Settles a record that was delivered; false when it is not waiting for that.</summary>
    private bool TrySettle(KeyHistory key, SequenceNumber number)
    {
        if (!keys.RemoveUnsettled(key, number, out UnsettledRecord settled))
            return false;
        if (!settled.WasSettledBefore)
            Settled++;
        _settledInLife.Add(number);
        return true;
    }
}
