using System.Text;
using LambdaStreamRunner.Testing.Worlds;

namespace LambdaStreamRunner.Testing;

/// <summary>A record that a test puts.</summary>
/// <param name="Key">The partition key.</param>
/// <param name="Nth">1 for the first record of its key, then 2, 3...</param>
/// <param name="At">When it is put, from the start of the test.</param>
public sealed record TestRecord(string Key, int Nth, TimeSpan At)
{
    private readonly ReadOnlyMemory<byte>? _data;
    private readonly string? _label;

    private PutBytes? _bytes;

    private TestRecord(TestRecord other)
    {
        (Key, Nth, At, _data, _label, IsPoison, Id) = (other.Key, other.Nth, other.At, other._data, other._label, other.IsPoison, other.Id);
        _bytes = null;                                        // key or payload of the copy may be others
    }

    /// <summary>The payload; <see cref="Label"/> in UTF-8 by default.</summary>
    public ReadOnlyMemory<byte> Data
    {
        get => _data ?? Encoding.UTF8.GetBytes(Label);
        init => _data = value;
    }

    /// <summary>What it is called in messages and expectations.</summary>
    /// <value>order-17#3 for the third record of the key order-17; a short payload that the test itself wrote is its own label.</value>
    public string Label
    {
        get => _label ?? $"{Key}#{Nth}";
        init => _label = value;
    }

    /// <summary>True when every invocation that has it fails.</summary>
    public bool IsPoison { get; init; }

    /// <summary>The payload as text.</summary>
    public string Text => Encoding.UTF8.GetString(Data.Span);

    /// <summary>Its number among all that were given; choices about it are known by that, whatever else is taken away.</summary>
    internal int Id { get; init; }

    /// <summary>As it lies in a stream; made once, for all schedules.</summary>
    internal PutBytes Bytes => _bytes ??= PutBytes.Of(Key, Data.Span);

    /// <inheritdoc/>
    public override string ToString() => Label;
}
