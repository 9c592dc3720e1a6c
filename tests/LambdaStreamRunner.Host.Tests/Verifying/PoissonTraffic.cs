using System.Text;
using LambdaStreamRunner.Core.Streams;
using LambdaStreamRunner.Simulation.Traffic;

namespace LambdaStreamRunner.Host.Tests.Verifying;

/// <summary>Records that come one by one at random, with keys that are all equally busy.</summary>
internal sealed class PoissonTraffic : StreamTraffic
{
    private readonly Arrival[] _arrivals;
    private readonly Dictionary<UInt128, string> _names;

    public PoissonTraffic(double perSecond, TimeSpan duration, int keys = 200, int seed = 1)
    {
        var random = new Random(seed);
        string[] names = [.. Enumerable.Range(1, keys).Select(key => $"device-{key}")];
        UInt128[] hashes = [.. names.Select(name => HashKeyRange.HashOf(Encoding.UTF8.GetBytes(name)))];
        _names = names.Zip(hashes).ToDictionary(key => key.Second, key => key.First);
        List<Arrival> arrivals = [];
        for (double at = 0; (at -= Math.Log(1 - random.NextDouble()) / perSecond) < duration.TotalSeconds;)
        {
            int key = random.Next(keys);
            arrivals.Add(new Arrival((long)(at * TimeSpan.TicksPerSecond), hashes[key], names[key].Length, 100));
        }
        _arrivals = [.. arrivals];
    }

    public override string Description => $"Poisson, {Count} records";

    public override long Count => _arrivals.Length;

    public override TimeSpan Duration => _arrivals[^1].Time;

    public override IEnumerable<ReadOnlyMemory<Arrival>> ReadFrom(TimeSpan from)
    {
        yield return _arrivals.Where(arrival => arrival.Time >= from).ToArray();
    }

    public override string NameOf(UInt128 keyHash) => _names[keyHash];
}
