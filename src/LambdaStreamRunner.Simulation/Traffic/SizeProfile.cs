using System.Globalization;

namespace LambdaStreamRunner.Simulation.Traffic;

/// <summary>How many bytes the payloads of a made traffic have.</summary>
public abstract record SizeProfile
{
    private SizeProfile()
    {
    }

    /// <summary>Most bytes of a payload: what a record of Kinesis holds, less room for its key.</summary>
    public const int BytesMax = (1024 * 1024) - 64;

    /// <summary>All the same.</summary>
    /// <param name="Bytes">0 to <see cref="BytesMax"/>.</param>
    public sealed record Fixed(int Bytes) : SizeProfile
    {
        /// <inheritdoc/>
        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Bytes:N0} B");

        internal override int Next(ref SeededNumbers numbers) => Bytes;
    }

    /// <summary>Every size of a range as often as the others.</summary>
    /// <param name="From">0 or more.</param>
    /// <param name="To">Up to <see cref="BytesMax"/>.</param>
    public sealed record Uniform(int From, int To) : SizeProfile
    {
        /// <inheritdoc/>
        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{From:N0}-{To:N0} B");

        internal override int Next(ref SeededNumbers numbers) => From + (int)Math.BigMul(numbers.NextBits(), (ulong)(To - From + 1), out _);
    }

    /// <summary>Most are small and some are large: the logarithm of the size is normally distributed. Beyond <see cref="BytesMax"/> it is that.</summary>
    /// <param name="Median">Half of the payloads are smaller, above 0.</param>
    /// <param name="P99">One of a hundred is larger, at least the median.</param>
    public sealed record LogNormal(double Median, double P99) : SizeProfile
    {
        private const double NormalP99 = 2.3263478740408408;

        private readonly double _mu = Math.Log(Median);
        private readonly double _sigma = Math.Log(P99 / Median) / NormalP99;

        /// <inheritdoc/>
        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Median:N0} B at the median, {P99:N0} B at p99 (lognormal)");

        internal override int Next(ref SeededNumbers numbers) => (int)Math.Min(BytesMax, Math.Round(Math.Exp(_mu + (_sigma * numbers.NextNormal()))));
    }

    internal abstract int Next(ref SeededNumbers numbers);
}
