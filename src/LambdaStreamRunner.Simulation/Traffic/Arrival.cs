using System.Runtime.InteropServices;

namespace LambdaStreamRunner.Simulation.Traffic;

/// <summary>A record on its way into the stream, without its bytes: when it comes, whose it is, how large it is.</summary>
/// <param name="Ticks">When it arrives, in ticks of 100 ns since the beginning of the traffic; never less than that of the one before.</param>
/// <param name="KeyHash">MD5 of its partition key: decides shard and lane.</param>
/// <param name="KeyLength">Bytes of its partition key, 1 to 1,024.</param>
/// <param name="DataLength">Bytes of its payload, 0 to 1 MiB.</param>
/// <remarks>32 bytes, as packed: aligned to its hash it would take half as much again, and millions of them lie in memory.</remarks>
[StructLayout(LayoutKind.Sequential, Pack = 8)]
public readonly record struct Arrival(long Ticks, UInt128 KeyHash, int KeyLength, int DataLength)
{
    /// <summary>When it arrives, since the beginning of the traffic.</summary>
    public TimeSpan Time => TimeSpan.FromTicks(Ticks);
}
