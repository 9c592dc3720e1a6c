using System.Globalization;
using System.Text;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Simulation.Traffic;

/// <summary>Which partition keys the records of a made traffic have, and how often.</summary>
public abstract record KeyProfile
{
    private KeyProfile()
    {
    }

    /// <summary>Most different keys that have names; all distinct ones have none.</summary>
    public const int CountMax = 1_000_000;

    /// <summary>Few busy keys and many quiet ones: the n-th of "key-1", "key-2", … comes as often as 1 ÷ n^<paramref name="Exponent"/>.</summary>
    /// <param name="Count">1 to <see cref="CountMax"/>.</param>
    /// <param name="Exponent">0 (all the same) or more; 1 is Zipf's law as he found it, and the default.</param>
    public sealed record Zipf(int Count, double Exponent = 1) : KeyProfile
    {
        /// <inheritdoc/>
        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Count:N0} keys (Zipf {Exponent:0.##})");
    }

    /// <summary>"key-1", "key-2", … each as often as the others.</summary>
    /// <param name="Count">1 to <see cref="CountMax"/>.</param>
    public sealed record Uniform(int Count) : KeyProfile
    {
        /// <inheritdoc/>
        public override string ToString() => Count == 1 ? "one key" : string.Create(CultureInfo.InvariantCulture, $"{Count:N0} keys (equally frequent)");
    }

    /// <summary>No two records have the same key: their hashes are mixed counters instead of MD5, which nobody could tell apart.</summary>
    public sealed record Distinct : KeyProfile
    {
        /// <summary>Bytes of each key: those of a GUID's text.</summary>
        public const int Length = 36;

        /// <inheritdoc/>
        public override string ToString() => "all keys distinct";
    }

    /// <summary>The name of the n-th key, from 1.</summary>
    public static string NameOf(int number) => string.Create(CultureInfo.InvariantCulture, $"key-{number}");

    internal static UInt128 HashOf(int number) => HashKeyRange.HashOf(Encoding.ASCII.GetBytes(NameOf(number)));
}
