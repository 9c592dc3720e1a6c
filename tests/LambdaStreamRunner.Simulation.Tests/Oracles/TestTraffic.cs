using System.Text;
using LambdaStreamRunner.Core.Streams;
using LambdaStreamRunner.Simulation.Traffic;

namespace LambdaStreamRunner.Simulation.Tests.Oracles;

/// <summary>Traffic that tests make themselves, so that what they measure rests on nothing of the product but the simulation.</summary>
internal sealed class TestTraffic(Arrival[] arrivals) : StreamTraffic
{
    public override string Description => $"{arrivals.Length} records of a test";

    public override long Count => arrivals.Length;

    public override TimeSpan Duration => arrivals.Length == 0 ? TimeSpan.Zero : arrivals[^1].Time;

    public IReadOnlyList<Arrival> Arrivals => arrivals;

    /// <summary>Independent arrivals, each with a key of its own or of so many.</summary>
    public static TestTraffic Poisson(double perSecond, int records, int keys = 0, int seed = 1, int bytes = 100)
    {
        var random = new Random(seed);
        UInt128[] hashes = [.. Enumerable.Range(0, keys).Select(KeyHash)];
        var made = new Arrival[records];
        double seconds = 0;
        for (int record = 0; record < records; record++)
        {
            seconds -= Math.Log(1 - random.NextDouble()) / perSecond;
            UInt128 key = keys > 0 ? hashes[random.Next(keys)] : new UInt128((ulong)random.NextInt64() << 1, (ulong)record);
            made[record] = new Arrival((long)(seconds * TimeSpan.TicksPerSecond), key, 6, bytes);
        }
        return new TestTraffic(made);
    }

    /// <summary>Records of one key, all at once.</summary>
    public static TestTraffic AtOnce(int records) =>
        new([.. Enumerable.Range(0, records).Select(_ => new Arrival(TimeSpan.TicksPerSecond, KeyHash(0), 1, 1))]);

    /// <summary>Records of one key at these seconds.</summary>
    public static TestTraffic At(params double[] seconds) => new([.. seconds.Select(at => new Arrival((long)(at * TimeSpan.TicksPerSecond), KeyHash(0), 1, 1))]);

    /// <summary>The same records, so many times slower.</summary>
    public TestTraffic Slower(int times) => new([.. arrivals.Select(arrival => arrival with { Ticks = arrival.Ticks * times })]);

    public static UInt128 KeyHash(int key) => HashKeyRange.HashOf(Encoding.UTF8.GetBytes($"key-{key}"));

    public override IEnumerable<ReadOnlyMemory<Arrival>> ReadFrom(TimeSpan from)
    {
        int next = arrivals.TakeWhile(arrival => arrival.Time < from).Count();
        for (; next < arrivals.Length; next += BlockMax)
            yield return arrivals.AsMemory(next, Math.Min(BlockMax, arrivals.Length - next));
    }
}
