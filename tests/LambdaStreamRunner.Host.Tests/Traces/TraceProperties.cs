using System.Text;
using CsCheck;
using LambdaStreamRunner.Core.Streams;
using LambdaStreamRunner.Host.Traces;
using LambdaStreamRunner.Simulation.Traffic;

namespace LambdaStreamRunner.Host.Tests.Traces;

/// <summary>What holds of every trace. A failure prints its seed: CsCheck_Seed=... repeats it.</summary>
public class TraceProperties
{
    private static readonly Gen<string> Keys = Gen.OneOf(
        Gen.Int[1, 40].Select(number => $"key-{number}"),
        Gen.String[Gen.Char["a,\"\\ü€ /{}:'"], 1, 20]);

    private static readonly Gen<(long Gap, string Key, int Bytes)[]> Records = Gen.Select(
        Gen.OneOf(Gen.Long[0, 3], Gen.Long[0, 40_000], Gen.Long[0, 50_000_000_000]), Keys, Gen.Int[0, 1_000_000]).Array[1, 200];

    private static readonly Gen<(TraceFormat Format, TraceKeys Keys, long Start, (long Gap, string Key, int Bytes)[] Records)> Traces = Gen.Select(
        Gen.OneOf(Gen.Const(TraceFormat.Csv), Gen.Const(TraceFormat.Ndjson)), Gen.Enum<TraceKeys>(), Gen.Long[0, 20_000_000_000_000_000], Records);

    [Fact]
    public Task What_is_written_is_read_as_it_was() => Traces.SampleAsync(
        async trace =>
        {
            List<Arrival> written = [];
            await AtFileAsync(async path =>
            {
                await using (var writer = new TraceWriter(File.Create(path), trace.Format, trace.Keys))
                {
                    long ticks = trace.Start;
                    foreach ((long gap, string name, int bytes) in trace.Records)
                    {
                        ticks += gap;
                        byte[] key = Encoding.UTF8.GetBytes(name);
                        writer.Write(ticks, key, HashKeyRange.HashOf(key), bytes);
                        written.Add(new Arrival(ticks - trace.Start - trace.Records[0].Gap, HashKeyRange.HashOf(key), key.Length, bytes));
                    }
                }
                using OpenedTraffic opened = await TraceFile.OpenAsync(path, new TraceReading(), null, TestContext.Current.CancellationToken);
                Assert.Equal(written, All(opened.Traffic, TimeSpan.Zero));
            });
        },
        iter: 200);

    [Fact]
    public Task A_trace_that_does_not_fit_into_memory_is_the_same_as_one_that_does() => Gen.Select(Gen.Int[1, 60_000], Gen.Long, Gen.Double[0, 1], Gen.Enum<LineOrder>()).SampleAsync(
        async (count, seed, part, order) =>
        {
            await AtFileAsync(async path =>
            {
                await WriteAsync(path, count, seed, order);
                using OpenedTraffic small = await TraceFile.OpenAsync(path, new TraceReading { Order = order }, null, TestContext.Current.CancellationToken);
                using OpenedTraffic large = await TraceFile.OpenAsync(path, new TraceReading { Order = order, MemoryMax = 5_000 }, null, TestContext.Current.CancellationToken);
                TimeSpan from = small.Traffic.Duration * part;
                Assert.Equal(count >= StreamTraffic.BlockMax, large.Traffic is ArrivalFileTraffic);
                Assert.Equal(All(small.Traffic, TimeSpan.Zero), All(large.Traffic, TimeSpan.Zero));
                Assert.Equal(All(small.Traffic, from), All(large.Traffic, from));
                Assert.Equal((small.Traffic.Count, small.Traffic.Duration), (large.Traffic.Count, large.Traffic.Duration));
            });
        },
        iter: 20);

    [Fact]
    public Task A_sorted_trace_holds_the_same_records_in_order_of_time() => Gen.Select(Gen.Int[1, 20_000], Gen.Long).SampleAsync(
        async (count, seed) =>
        {
            await AtFileAsync(async path =>
            {
                await WriteAsync(path, count, seed, LineOrder.Any);
                using OpenedTraffic opened = await TraceFile.OpenAsync(path, new TraceReading { Order = LineOrder.Any, MemoryMax = 3_000 }, null, TestContext.Current.CancellationToken);
                Arrival[] sorted = All(opened.Traffic, TimeSpan.Zero);
                long[] written = Times(count, seed, LineOrder.Any);
                Arrival[] expected = [.. written.Select((ticks, i) => (ticks, i)).OrderBy(record => record.ticks).Select(record => new Arrival(record.ticks - written.Min(), HashKeyRange.HashOf("k"u8), 1, record.i))];
                Assert.Equal(expected, sorted);
            });
        },
        iter: 20);

    private static async Task WriteAsync(string path, int count, long seed, LineOrder order)
    {
        await using var writer = new TraceWriter(File.Create(path), TraceFormat.Csv, TraceKeys.Written);
        long[] times = Times(count, seed, order);
        for (int i = 0; i < count; i++)
            writer.Write(times[i], "k"u8, default, i);
    }

    // Milliseconds, so that many are equal; by time but for less than a second, or anyhow.
    private static long[] Times(int count, long seed, LineOrder order)
    {
        var random = new Random((int)seed);
        return [.. Enumerable.Range(0, count).Select(i => 10_000L * (order is LineOrder.Any ? random.Next(0, 50_000) : (i * 3L) + random.Next(0, 999)))];
    }

    private static Arrival[] All(StreamTraffic traffic, TimeSpan from) => [.. traffic.ReadFrom(from).SelectMany(block => block.ToArray())];

    private static async Task AtFileAsync(Func<string, Task> use)
    {
        string path = Path.GetTempFileName();
        try
        {
            await use(path);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
