using System.Buffers;
using System.Text;

namespace LambdaStreamRunner.Aggregation;

/// <summary>Keys in the order of their first use, each once.</summary>
/// <param name="tag">The field that holds them.</param>
internal sealed class KeyTable(int tag)
{
    private readonly Dictionary<string, int> _indexes = new(StringComparer.Ordinal);
    private readonly List<string> _keys = [];

    /// <summary>The index that a key has, or would get.</summary>
    public int IndexOf(string key) => _indexes.TryGetValue(key, out int index) ? index : _keys.Count;

    /// <summary>Bytes that the table would grow by; 0 for a key that is in it.</summary>
    public int GrowthFor(string key) =>
        _indexes.ContainsKey(key) ? 0 : MessageWriter.SizeOfVarint((ulong)tag) + MessageWriter.SizeOfBytes(Encoding.UTF8.GetByteCount(key));

    public void Add(string key)
    {
        if (_indexes.TryAdd(key, _keys.Count))
            _keys.Add(key);
    }

    public void Clear()
    {
        _indexes.Clear();
        _keys.Clear();
    }

    public void WriteTo(IBufferWriter<byte> target)
    {
        foreach (string key in _keys)
        {
            target.WriteVarint((ulong)tag);
            target.WriteString(key);
        }
    }
}
