namespace LambdaStreamRunner.Core.Guarantees;

/// <summary>The batches that the handler of one shard has now. What has ended is used again.</summary>
internal sealed class RunningDeliveries
{
    private readonly List<RunningDelivery> _running = [];
    private readonly Stack<RunningDelivery> _spare = [];
    private long _serial;

    public int Count => _running.Count;

    public RunningDelivery Begin(Guid requestId, int records)
    {
        RunningDelivery delivery = _spare.Count > 0 ? _spare.Pop() : new RunningDelivery();
        delivery.Begin(requestId, ++_serial, records);
        _running.Add(delivery);
        return delivery;
    }

    /// <summary>Takes a batch out, whose keys may run in others from now on; null when it does not run. To be given to <see cref="End"/>.</summary>
    public RunningDelivery? Take(Guid requestId)
    {
        int place = PlaceOf(requestId);
        if (place < 0)
            return null;
        RunningDelivery delivery = _running[place];
        _running.RemoveAt(place);
        foreach (ref readonly DeliveredRecord record in delivery.Records)
        {
            if (record.IsFirstOfKey)
                record.Key!.RunningBatches--;
        }
        return delivery;
    }

    /// <summary>Lets go of a batch that was taken out.</summary>
    public void End(RunningDelivery delivery)
    {
        delivery.End();
        _spare.Push(delivery);
    }

    /// <summary>Lets go of all: they ended with the machine that had started them.</summary>
    public void EndAll()
    {
        _running.ForEach(End);
        _running.Clear();
    }

    /// <summary>Another batch that holds a key; an empty id when there is none.</summary>
    public Guid OtherWith(KeyHistory key, RunningDelivery delivery) =>
        _running.Find(running => running != delivery && running.Holds(key))?.RequestId ?? default;

    private int PlaceOf(Guid requestId)
    {
        for (int i = 0; i < _running.Count; i++)
        {
            if (_running[i].RequestId == requestId)
                return i;
        }
        return -1;
    }
}
