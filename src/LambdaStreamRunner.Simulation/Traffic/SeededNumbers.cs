namespace LambdaStreamRunner.Simulation.Traffic;

/// <summary>Random numbers that follow from a seed and from what they are for, so that any part of a traffic can be made without the parts before it.</summary>
/// <remarks>SplitMix64, by Guy Steele, Doug Lea and Christine Flood ("Fast splittable pseudorandom number generators", 2014).</remarks>
internal struct SeededNumbers
{
    private const double Unit = 1.0 / (1UL << 53);

    private ulong _state;

    /// <param name="seed">Of the traffic.</param>
    /// <param name="purpose">Different purposes have independent numbers.</param>
    /// <param name="part">Which part of the traffic, from 0.</param>
    public SeededNumbers(long seed, ulong purpose, long part) => _state = Mix(Mix(Mix((ulong)seed) + purpose) ^ (ulong)part);

    /// <summary>64 random bits.</summary>
    public ulong NextBits() => Mix(_state += 0x9E3779B97F4A7C15);

    /// <summary>From 0 to less than 1.</summary>
    public double NextFraction() => (NextBits() >> 11) * Unit;

    /// <summary>Exponentially distributed with mean 1.</summary>
    public double NextExponential() => -Math.Log(((NextBits() >> 11) + 1) * Unit);

    /// <summary>Normally distributed with mean 0 and deviation 1, by the polar method of Marsaglia.</summary>
    public double NextNormal()
    {
        while (true)
        {
            double x = (2 * NextFraction()) - 1;
            double y = (2 * NextFraction()) - 1;
            double square = (x * x) + (y * y);
            if (square is > 0 and < 1)
                return x * Math.Sqrt(-2 * Math.Log(square) / square);
        }
    }

    /// <summary>Mixes 64 bits well; different bits stay different.</summary>
    public static ulong Mix(ulong bits)
    {
        bits = (bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9;
        bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EB;
        return bits ^ (bits >> 31);
    }
}
