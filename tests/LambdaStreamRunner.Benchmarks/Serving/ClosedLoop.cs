using System.Diagnostics;
using LambdaStreamRunner.Benchmarks.Reporting;

namespace LambdaStreamRunner.Benchmarks.Serving;

/// <summary>Connections on threads of their own, each sending its next request when it has its answer.</summary>
/// <param name="address">The server.</param>
/// <param name="request">What is sent.</param>
internal sealed class ClosedLoop(Uri address, LoadRequest request)
{
    /// <summary>Connections at the same time.</summary>
    public const int Connections = 4;

    /// <summary>Most payload that one run leaves in the server's memory.</summary>
    private const long BytesMax = 1L << 30;

    private readonly byte[][][] _requests = [.. Enumerable.Range(0, Connections).Select(connection => request.ForConnection(address, connection))];
    private long _bytes;

    /// <summary>Sends for this time, or until the payloads come to a GiB.</summary>
    public (double RecordsPerSecond, Latencies Latencies) Run(TimeSpan duration)
    {
        long start = Stopwatch.GetTimestamp();
        Latencies[] latencies = [.. Enumerable.Range(0, Connections).Select(_ => new Latencies())];
        Task[] threads = [.. latencies.Select((own, connection) => Task.Factory.StartNew(
            () => Send(own, _requests[connection], start, duration), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default))];
        Task.WaitAll(threads);
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        var all = new Latencies();
        foreach (Latencies own in latencies)
            all.Add(own);
        return (all.Count * (double)request.Records / seconds, all);
    }

    private void Send(Latencies latencies, byte[][] requests, long start, TimeSpan duration)
    {
        using var connection = new Connection(address);
        for (int i = 0; Stopwatch.GetElapsedTime(start) < duration && Interlocked.Add(ref _bytes, request.BytesKept) < BytesMax; i++)
        {
            long sent = Stopwatch.GetTimestamp();
            connection.Ask(requests[i % requests.Length]);
            latencies.Add(Stopwatch.GetElapsedTime(sent));
        }
    }
}
