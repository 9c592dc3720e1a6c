using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Simulation.Traffic;

/// <summary>Makes records of arrivals. The time of arrival is part of the sequence number, exact to 100 ns, so that nothing needs to be kept beside a record.</summary>
/// <remarks>A number that a real stream assigns holds the second and a running index; here the index is the time and a count of equal times.</remarks>
/// <param name="shardIndex">The number in the shard's id.</param>
internal sealed class ArrivalNumbers(int shardIndex)
{
    /// <summary>Where virtual time begins.</summary>
    public static readonly DateTimeOffset Epoch = new SimulationOptions().Start;

    private const int EqualTimesBits = 16;

    // Key and data of every record: nobody looks at them, but they can be looked at.
    private static readonly byte[] Bytes = CreateBytes();

    private ulong _last;

    /// <summary>The record of the next arrival of the shard.</summary>
    public StreamRecord Next(in Arrival arrival)
    {
        ulong index = Math.Max((ulong)arrival.Ticks << EqualTimesBits, _last + 1);       // after 65,536 equal times: 100 ns later
        _last = index;
        DateTimeOffset time = Epoch.AddTicks(arrival.Ticks);
        var number = SequenceNumber.Create(Epoch.ToUnixTimeSeconds(), shardIndex, index, time.ToUnixTimeSeconds());
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
