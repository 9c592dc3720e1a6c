using LambdaStreamRunner.Benchmarks.Reporting;

namespace LambdaStreamRunner.Benchmarks.Serving;

/// <summary>The same requests to several servers in turns; the first server is what the others are compared with.</summary>
internal static class LoadTable
{
    public static async Task RunAsync(
        Effort effort, Report report, IReadOnlyCollection<LoadRequest> requests, IReadOnlyCollection<(Served Served, string Name)> servers, string ratio)
    {
        report.Note($"{ClosedLoop.Connections} connections, a fresh server process for each repetition, in turns\n");
        await report.TableAsync(
            ["request", "server", "records/s", ratio, "p50 ms", "p99 ms", "resident MB", "server's cores"],
            RowsAsync(effort, requests, servers));
    }

    private static async IAsyncEnumerable<string[]> RowsAsync(
        Effort effort, IEnumerable<LoadRequest> requests, IEnumerable<(Served Served, string Name)> servers)
    {
        // The server has compiled what it does often after some seconds on a busy machine, not before.
        (int repetitions, TimeSpan warmUp, TimeSpan duration) = effort is Effort.Quick
            ? (1, TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(0.5))
            : (3, TimeSpan.FromSeconds(6), TimeSpan.FromSeconds(3));
        foreach (LoadRequest request in requests)
        {
            (LoadCell Cell, string Name)[] cells = [.. servers.Select(server => (new LoadCell(server.Served, request), server.Name))];
            for (int repetition = 0; repetition < repetitions; repetition++)
            {
                foreach ((LoadCell cell, _) in cells)
                    await cell.RepeatAsync(warmUp, duration);
            }
            foreach ((LoadCell cell, string name) in cells)
                yield return cell.Row(name, cells[0].Cell);
        }
    }
}
