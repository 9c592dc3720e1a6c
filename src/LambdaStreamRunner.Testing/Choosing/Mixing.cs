namespace LambdaStreamRunner.Testing.Choosing;

/// <summary>Numbers that follow from a seed and from what they are for, in any order of asking.</summary>
internal static class Mixing
{
    /// <summary>64 well mixed bits (the finalizer of SplitMix64; Steele, Lea, Flood 2014).</summary>
    public static ulong Mix(ulong bits)
    {
        bits += 0x9E3779B97F4A7C15;
        bits = (bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9;
        bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EB;
        return bits ^ (bits >> 31);
    }

    /// <summary>The bits of a choice.</summary>
    public static ulong Of(ulong seed, in Choice choice) =>
        Mix(Mix(Mix(seed + ((ulong)choice.Kind << 48)) ^ (ulong)choice.Subject) + (ulong)choice.Occasion);

    /// <summary>A number from 0 to <paramref name="count"/> − 1, each as likely.</summary>
    public static int Below(ulong bits, int count) => (int)Math.BigMul(bits, (ulong)count, out _);

    /// <summary>A number from 0 to less than 1.</summary>
    public static double Fraction(ulong bits) => (bits >> 11) * (1.0 / (1UL << 53));
}
