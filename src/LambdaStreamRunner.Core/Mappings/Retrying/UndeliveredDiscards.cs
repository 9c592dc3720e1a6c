using LambdaStreamRunner.Core.Contracts;
using LambdaStreamRunner.Core.Mappings.Ordering;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Core.Mappings.Retrying;

/// <summary>Discarded batches whose destination has not answered: until then their records are resolved, but not settled.</summary>
internal sealed class UndeliveredDiscards
{
    private readonly List<DiscardedBatch> _batches = [];

    /// <summary>True while none waits.</summary>
    public bool IsEmpty => _batches.Count == 0;

    /// <summary>True when so many wait that no new attempt, which might add one, may begin.</summary>
    public bool IsFull => _batches.Count >= ShardMachine.UndeliveredDiscardsMax;

    /// <summary>The lowest number in any of them; null when there is none.</summary>
    public SequenceNumber? Lowest
    {
        get
        {
            SequenceNumber? lowest = null;
            foreach (DiscardedBatch batch in _batches)
            {
                if (batch.Records is [StreamRecord first, ..] && (lowest is null || first.SequenceNumber < lowest))
                    lowest = first.SequenceNumber;
            }
            return lowest;
        }
    }

    /// <summary>Gives a batch to its destination.</summary>
    public void Send(DiscardedBatch batch, List<ShardDecision> decisions)
    {
        _batches.Add(batch);
        decisions.Add(new ShardDecision.SendToDestination(batch));
    }

    /// <summary>The destination has answered: the batch is delivered, or given up for good.</summary>
    public void Settle(DiscardedBatch batch)
    {
        if (!_batches.Remove(batch))
            throw new InvalidOperationException($"The discarded batch {batch.RequestId} is not waiting for its destination.");
    }

    /// <summary>Adds the lowest unsettled number of every order group in these batches.</summary>
    public void CollectUnsettled(PartitionKeySequencer sequencer, Dictionary<UInt128, SequenceNumber> lowest)
    {
        foreach (DiscardedBatch batch in _batches)
        {
            foreach (StreamRecord record in batch.Records)
                lowest.TryAdd(sequencer.GroupOf(in record), record.SequenceNumber);
        }
    }
}
