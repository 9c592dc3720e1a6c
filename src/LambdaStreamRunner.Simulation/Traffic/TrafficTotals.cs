using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Simulation.Traffic;

/// <summary>What a run's traffic adds up to.</summary>
internal struct TrafficTotals
{
    private const int PutUnitBytes = 25_000;

    /// <summary>Records.</summary>
    public long Records;

    /// <summary>Bytes of keys and payloads.</summary>
    public long Bytes;

    /// <summary>PUT payload units: each record's bytes in steps of 25 KB.</summary>
    public long PutUnits;

    /// <summary>Sum of the arrivals, in ticks.</summary>
    public Int128 Arrivals;

    /// <summary>Ticks of the last arrival.</summary>
    public long Last;

    public static TrafficTotals Of(ReadOnlySpan<StreamRecord> records)
    {
        var totals = new TrafficTotals { Records = records.Length };
        foreach (ref readonly StreamRecord record in records)
        {
            totals.Bytes += record.RawLength;
            totals.PutUnits += UnitsOf(record.RawLength);
            totals.Arrivals += ArrivalNumbers.TicksOf(in record);
        }
        totals.Last = records.IsEmpty ? 0 : ArrivalNumbers.TicksOf(in records[^1]);
        return totals;
    }

    public void Add(in TrafficTotals other)
    {
        Records += other.Records;
        Bytes += other.Bytes;
        PutUnits += other.PutUnits;
        Arrivals += other.Arrivals;
        Last = Math.Max(Last, other.Last);
    }

    private static int UnitsOf(int length) => Math.Max(1, (length + PutUnitBytes - 1) / PutUnitBytes);
}
