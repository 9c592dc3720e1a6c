using System.Runtime.InteropServices;
using LambdaStreamRunner.Simulation.Traffic;

namespace LambdaStreamRunner.Simulation.Tests.Tuning;

/// <summary>Traffic out of a list.</summary>
internal sealed class ListedTraffic(List<Arrival> arrivals) : StreamTraffic
{
    public override string Description => $"{arrivals.Count} records";

    public override long Count => arrivals.Count;

    public override TimeSpan Duration => arrivals.Count == 0 ? TimeSpan.Zero : arrivals[^1].Time;

    public override IEnumerable<ReadOnlyMemory<Arrival>> ReadFrom(TimeSpan from) =>
        arrivals.Where(arrival => arrival.Time >= from).Chunk(BlockMax).Select(block => new ReadOnlyMemory<Arrival>(block));

    public override string NameOf(UInt128 keyHash) => $"key-{keyHash}";

    /// <summary>Records at equal distances, keys in turn; in the busy part three times as many.</summary>
    public static ListedTraffic Even(double perSecond, TimeSpan duration, int keys = 100, int bytes = 100, (TimeSpan From, TimeSpan Until)? busy = null)
    {
        List<Arrival> arrivals = [];
        for (double at = 0; at < duration.TotalSeconds;)
        {
            var time = TimeSpan.FromSeconds(at);
            arrivals.Add(new Arrival(time.Ticks, (UInt128)(arrivals.Count % keys), 8, bytes));
            at += 1 / (perSecond * (busy is { } part && time >= part.From && time < part.Until ? 3 : 1));
        }
        return new ListedTraffic(arrivals);
    }
}
