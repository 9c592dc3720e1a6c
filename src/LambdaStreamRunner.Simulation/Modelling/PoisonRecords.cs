using System.Collections.Frozen;
using LambdaStreamRunner.Core.Streams;
using LambdaStreamRunner.Simulation.Traffic;

namespace LambdaStreamRunner.Simulation.Modelling;

/// <summary>Which records fail whenever they are delivered: the same ones under every setting, since a record's index in its traffic decides.</summary>
internal sealed class PoisonRecords
{
    private readonly double _rate;
    private readonly FrozenSet<ulong> _named;
    private readonly Draws _draws;

    public PoisonRecords(FailureModel failures, long seed, StreamTraffic traffic)
    {
        (_rate, _draws) = (failures.PoisonRate, new Draws(seed, purpose: 5));
        _named = failures.PoisonRecords.IsEmpty ? FrozenSet<ulong>.Empty : Find([.. failures.PoisonRecords], traffic).ToFrozenSet();
    }

    public bool Contains(in StreamRecord record) =>
        (_named.Count > 0 || _rate > 0) && Contains(record.SequenceNumber.Index);

    /// <summary>The place of the first of them in a batch; −1 when there is none.</summary>
    public int FirstIn(ReadOnlySpan<StreamRecord> records)
    {
        if (_named.Count == 0 && _rate == 0)
            return -1;
        for (int place = 0; place < records.Length; place++)
        {
            if (Contains(in records[place]))
                return place;
        }
        return -1;
    }

    private bool Contains(ulong index) => _named.Contains(index) || (_rate > 0 && _draws.Uniform(index) < _rate);

    private static List<ulong> Find(HashSet<long> places, StreamTraffic traffic)
    {
        var found = new List<ulong>();
        var numbers = new ArrivalNumbers();
        long place = 0;
        foreach (ReadOnlyMemory<Arrival> block in traffic.ReadFrom(TimeSpan.Zero))
        {
            foreach (ref readonly Arrival arrival in block.Span)
            {
                ulong index = numbers.NextIndex(in arrival);
                if (places.Contains(place++))
                    found.Add(index);
            }
            if (found.Count == places.Count)
                break;
        }
        return found;
    }
}
