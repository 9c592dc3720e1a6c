using System.Text;

namespace LambdaStreamRunner.Testing;

/// <summary>A record that a test puts.</summary>
/// <param name="Key">The partition key.</param>
/// <param name="Nth">1 for the first record of its key, then 2, 3...</param>
/// <param name="At">When it is put, from the start of the test.</param>
public sealed record TestRecord(string Key, int Nth, TimeSpan At)
{
    /// <summary>The payload; <see cref="Label"/> in UTF-8 by default.</summary>
    public ReadOnlyMemory<byte> Data { get; init; } = Encoding.UTF8.GetBytes($"{Key}#{Nth}");

    /// <summary>True when every invocation that has it fails.</summary>
    public bool IsPoison { get; init; }

    /// <summary>What it is called: order-17#3 is the third record of the key order-17.</summary>
    public string Label => $"{Key}#{Nth}";

    /// <summary>The payload as text.</summary>
    public string Text => Encoding.UTF8.GetString(Data.Span);

    /// <summary>Its number among all that were given; choices about it are known by that, whatever else is taken away.</summary>
    internal int Id { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Label;
}
