using System.Globalization;

namespace LambdaStreamRunner.Simulation.Traffic;

/// <summary>The names of partition keys by their hashes, for people; of many different keys only those that came first.</summary>
public sealed class KeyNames
{
    /// <summary>Most names that are kept.</summary>
    public const int CountMax = 100_000;

    private readonly Dictionary<UInt128, string> _names = [];

    /// <summary>How many are kept.</summary>
    public int Count => _names.Count;

    /// <summary>True when a name would be kept: there is room, and it is new.</summary>
    public bool Wants(UInt128 hash) => _names.Count < CountMax && !_names.ContainsKey(hash);

    /// <summary>Keeps a name, if there is room.</summary>
    public void Add(UInt128 hash, string name)
    {
        if (_names.Count < CountMax)
            _names.TryAdd(hash, name);
    }

    /// <summary>The name of a hash; its hexadecimal digits when it is not kept.</summary>
    public string NameOf(UInt128 hash) => _names.GetValueOrDefault(hash) ?? hash.ToString("x32", CultureInfo.InvariantCulture);
}
