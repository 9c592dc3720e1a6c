namespace LambdaStreamRunner.Core.Guarantees.Rules;

/// <summary>Records that were tried and not settled, in the order in which they leave retention.</summary>
internal sealed class ExpiryWatch(RecordTable table)
{
    private readonly PriorityQueue<int, long> _byArrival = new();

    /// <summary>Watches a record that does not run any more; once is enough.</summary>
    public void Watch(int place)
    {
        if (table.Has(place, Fates.IsWatched))
            return;
        table.Set(place, Fates.IsWatched);
        _byArrival.Enqueue(place, table[place].Record.ArrivalMilliseconds);
    }

    /// <summary>Takes a record that has left retention and does not run: when it runs, it is watched again after that.</summary>
    public bool TryTake(DateTimeOffset now, out int place)
    {
        while (_byArrival.TryPeek(out place, out _) && table.HasLeft(table[place].Record, now))
        {
            _byArrival.Dequeue();
            table.Clear(place, Fates.IsWatched);
            if (!table.Has(place, Fates.Runs))
                return true;
        }
        return false;
    }
}
