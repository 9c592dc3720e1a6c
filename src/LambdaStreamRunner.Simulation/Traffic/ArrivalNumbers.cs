using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Simulation.Traffic;

/// <summary>Makes records of a traffic's arrivals. The time of arrival is part of the sequence number, exact to 100 ns, so that nothing needs to be kept beside a record.</summary>
/// <remarks>A number that a real stream assigns holds the second and a running index. Here the index is the time and a count of equal times in the whole traffic: it is the same however many shards there are.</remarks>
internal sealed class ArrivalNumbers
{
    /// <summary>Where virtual time begins.</summary>
    public static readonly DateTimeOffset Epoch = new SimulationOptions().Start;

    /// <summary>Longest traffic that can be simulated: the index of a record holds its time in 49 bits.</summary>
    public static readonly TimeSpan LengthMax = TimeSpan.FromDays(650);

    private const int EqualTimesBits = 15;

    // Key and data of every record: nobody looks at them, but they can be looked at.
    private static readonly byte[] Bytes = CreateBytes();

    private ulong _last;

    /// <summary>The index of the next arrival.</summary>
    public ulong NextIndex(in Arrival arrival) => _last = Math.Max((ulong)arrival.Ticks << EqualTimesBits, _last + 1);      // after 32,768 equal times: 100 ns later

    /// <summary>The record of the next arrival.</summary>
    public StreamRecord Next(in Arrival arrival, int shardIndex)
    {
        DateTimeOffset time = Epoch.AddTicks(arrival.Ticks);
        var number = SequenceNumber.Create(Epoch.ToUnixTimeSeconds(), shardIndex, NextIndex(in arrival), time.ToUnixTimeSeconds());
        return new StreamRecord(number, arrival.KeyHash, time.ToUnixTimeMilliseconds(), Bytes, 0, arrival.KeyLength, arrival.DataLength);
    }

    /// <summary>When a record arrived, in ticks since the beginning of the traffic.</summary>
    public static long TicksOf(in StreamRecord record) => (long)(record.SequenceNumber.Index >> EqualTimesBits);

    private static byte[] CreateBytes()
    {
        byte[] bytes = new byte[(1 << 20) + 1024];
        bytes.AsSpan(0, 1024).Fill((byte)'k');
        return bytes;
    }
}
