using System.Globalization;
using System.Text;

namespace LambdaStreamRunner.Runner.Input;

/// <summary>Makes records to put where there is no file: the same seed makes the same records.</summary>
/// <remarks>
/// A payload is the JSON object <c>{"number":1,"key":"key-1","filler":"..."}</c> of exactly the asked size, and without its
/// filler (or longer than asked) where the size has no room for one.
/// </remarks>
public sealed class RecordGenerator
{
    /// <summary>Most keys: their names are made once, and kept.</summary>
    public const int KeyCountMax = 1_000_000;

    private static readonly byte[] Letters = [.. "abcdefghijklmnopqrstuvwxyz"u8];

    private readonly GeneratedKeys _keys;
    private readonly Random _random;
    private readonly long _count;
    private readonly byte[] _payload;
    private readonly int _payloadBytes;
    private long _number;

    /// <summary>A generator at its first record.</summary>
    /// <param name="count">Records to make, at least 0.</param>
    /// <param name="keyCount">Different partition keys, 1 to 1,000,000: <c>key-1</c>, <c>key-2</c>, and so on.</param>
    /// <param name="distribution">How records choose among the keys.</param>
    /// <param name="payloadBytes">Bytes of a payload, 0 to 1,048,576 less the longest key.</param>
    /// <param name="seed">Decides keys and fillers.</param>
    public RecordGenerator(long count, int keyCount, KeyDistribution distribution, int payloadBytes, int seed)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfNegative(payloadBytes);
        _random = new Random(seed);
        _keys = new GeneratedKeys(keyCount, distribution, _random);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(payloadBytes, Line.RecordBytesMax - _keys.LengthMax);
        _count = count;
        _payloadBytes = payloadBytes;
        _payload = new byte[Math.Max(payloadBytes, 128)];      // room for a payload without its filler
    }

    /// <summary>The partition key of the record that was made last.</summary>
    public string PartitionKey { get; private set; } = "";

    /// <summary>The payload of the record that was made last, until the next one is made.</summary>
    public ReadOnlyMemory<byte> Data { get; private set; }

    /// <summary>Makes the next record; false after the last one.</summary>
    public bool MoveNext()
    {
        if (_number == _count)
            return false;
        PartitionKey = _keys.At(_number++);
        Data = _payload.AsMemory(0, WritePayload());
        return true;
    }

    private int WritePayload()
    {
        int length = Append(0, "{\"number\":"u8);
        _number.TryFormat(_payload.AsSpan(length), out int digits, default, CultureInfo.InvariantCulture);
        length = Append(length + digits, ",\"key\":\""u8);
        length += Encoding.ASCII.GetBytes(PartitionKey, _payload.AsSpan(length));

        ReadOnlySpan<byte> filler = "\",\"filler\":\""u8;
        int fillerBytes = _payloadBytes - length - filler.Length - 2;
        if (fillerBytes < 0)
            return Append(length, "\"}"u8);
        length = Append(length, filler);
        _random.GetItems(Letters, _payload.AsSpan(length, fillerBytes));
        return Append(length + fillerBytes, "\"}"u8);
    }

    private int Append(int at, ReadOnlySpan<byte> text)
    {
        text.CopyTo(_payload.AsSpan(at));
        return at + text.Length;
    }
}
