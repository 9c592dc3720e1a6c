using System.Collections.Concurrent;

namespace AccessLog;

/// <summary>Hits and bytes per client. Safe for the batches that run at the same time.</summary>
public class ClientTraffic
{
    private readonly ConcurrentDictionary<string, Totals> _clients = new();

    /// <summary>Clients seen so far.</summary>
    public int Clients => _clients.Count;

    /// <summary>Adds one hit.</summary>
    public void Count(string client, long bytes) => _clients.AddOrUpdate(
        client,
        static (_, added) => new Totals(1, added),
        static (_, before, added) => new Totals(before.Hits + 1, before.Bytes + added),
        bytes);

    /// <summary>The totals of a client; zero when it was never seen.</summary>
    public Totals Of(string client) => _clients.GetValueOrDefault(client);

    /// <summary>What one client has fetched.</summary>
    public readonly record struct Totals(long Hits, long Bytes);
}
