namespace LambdaStreamRunner.Host.Producing;

/// <summary>Entries that must not overtake each other. Only the first may be under way, or wait for another try.</summary>
internal sealed class OrderGroup(string? name)
{
    private readonly Queue<PutEntry> _entries = new();

    /// <summary>Null for a group of one entry that nobody else joins.</summary>
    public string? Name => name;

    public PutEntry First => _entries.Peek();

    public bool IsEmpty => _entries.Count == 0;

    public void Add(PutEntry entry) => _entries.Enqueue(entry);

    public void RemoveFirst() => _entries.Dequeue();
}
