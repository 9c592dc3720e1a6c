using LambdaStreamRunner.Simulation.Traffic;

namespace LambdaStreamRunner.Simulation.Modelling;

/// <summary>Random numbers that follow from what they are about, not from how many were drawn before: runs of different settings see the same ones (common random numbers).</summary>
internal readonly struct Draws(long seed, ulong purpose)
{
    private readonly ulong _start = SeededNumbers.Mix((ulong)seed + 0x9E37_79B9_7F4A_7C15 * (purpose + 1));

    /// <summary>A number from 0 up to but not including 1.</summary>
    public double Uniform(ulong about, ulong occasion = 0) => (SeededNumbers.Mix(_start ^ SeededNumbers.Mix(about + 0x9E37_79B9_7F4A_7C15 * (occasion + 1))) >> 11) * (1.0 / (1UL << 53));

    /// <summary>A number of the standard normal distribution.</summary>
    public double Normal(ulong about, ulong occasion = 0)
    {
        double radius = Math.Sqrt(-2 * Math.Log(1 - Uniform(about, (2 * occasion) + 1)));
        return radius * Math.Cos(2 * Math.PI * Uniform(about, (2 * occasion) + 2));
    }
}
