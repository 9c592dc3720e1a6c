namespace LambdaStreamRunner.StreamServer.Faults;

/// <summary>The chances of one call: they follow from the seed and the number of the call alone, so that no lock orders them.</summary>
/// <remarks>SplitMix64, by Guy Steele, Doug Lea and Christine Flood ("Fast splittable pseudorandom number generators", 2014).</remarks>
internal struct FaultDice(int seed, long call)
{
    private ulong _state = Mix((ulong)(uint)seed) ^ Mix(~(ulong)call);

    /// <summary>The next number: 0 to 1, never 1.</summary>
    public double Next()
    {
        _state += 0x9E3779B97F4A7C15;
        return (Mix(_state) >> 11) * (1.0 / (1UL << 53));
    }

    private static ulong Mix(ulong bits)
    {
        bits = (bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9;
        bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EB;
        return bits ^ (bits >> 31);
    }
}
