using LambdaStreamRunner.Core.Histories;

namespace LambdaStreamRunner.Simulation.Traffic;

/// <summary>The records of a run's journal as traffic.</summary>
public static class JournalTraffic
{
    /// <summary>What arrived at one mapping, by the arrival times that the stream gave; null when nothing did.</summary>
    /// <param name="mapping">What happened to it. A journal of several mappings of one stream has each record several times: take one.</param>
    public static RecordedTraffic? Of(MappingHistory mapping)
    {
        var names = new KeyNames();
        List<Arrival> arrivals = [];
        foreach (HistoryStep.RecordArrived step in mapping.Steps.OfType<HistoryStep.RecordArrived>())
        {
            if (names.Wants(step.Record.KeyHash))
                names.Add(step.Record.KeyHash, step.Record.PartitionKey);
            arrivals.Add(new Arrival(step.Record.ArrivalMilliseconds * TimeSpan.TicksPerMillisecond, step.Record.KeyHash, step.Record.Key.Length, step.Record.DataLength));
        }
        if (arrivals.Count == 0)
            return null;
        long first = arrivals.Min(arrival => arrival.Ticks);
        IEnumerable<Arrival> inOrder = arrivals.OrderBy(arrival => arrival.Ticks).Select(arrival => arrival with { Ticks = arrival.Ticks - first });
        return new RecordedTraffic(mapping.Mapping.Name.Length == 0 ? "journal" : $"journal of {mapping.Mapping.Name}", inOrder, names);
    }
}
