namespace LambdaStreamRunner.Host.Producing;

/// <summary>The entries of one PutRecords, no two of one order group: Kinesis may put the second and refuse the first.</summary>
internal sealed class PutBatch
{
    /// <summary>AWS: most entries in one PutRecords.</summary>
    public const int EntriesMax = 500;

    /// <summary>Most data and keys in one PutRecords: below the 5 MiB that emulators take, and AWS took before it raised the limit to 10 MiB.</summary>
    public const int BytesMax = 4 * 1024 * 1024;

    private readonly List<OrderGroup> _groups = [];

    /// <summary>The groups whose first entries are in the batch.</summary>
    public IReadOnlyList<OrderGroup> Groups => _groups;

    /// <summary>Bytes as Kinesis counts them.</summary>
    public int Bytes { get; private set; }

    /// <summary>Adds the first entry of a group; false when there is no room for it.</summary>
    public bool TryAdd(OrderGroup group)
    {
        if (_groups.Count == EntriesMax || (_groups.Count > 0 && Bytes + group.First.Bytes > BytesMax))
            return false;
        _groups.Add(group);
        Bytes += group.First.Bytes;
        return true;
    }
}
