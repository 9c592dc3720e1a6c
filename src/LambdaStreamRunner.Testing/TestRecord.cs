using System.Text;

namespace LambdaStreamRunner.Testing;

/// <summary>A record that a test puts.</summary>
/// <param name="Key">The partition key.</param>
/// <param name="Nth">1 for the first record of its key, then 2, 3...</param>
/// <param name="At">When it is put, from the start of the test.</param>
public sealed record TestRecord(string Key, int Nth, TimeSpan At)
{
    private readonly ReadOnlyMemory<byte>? _data;
    private readonly string? _label;

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

    /// <inheritdoc/>
    public override string ToString() => Label;
}
