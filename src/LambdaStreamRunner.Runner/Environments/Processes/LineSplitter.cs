using System.Text;

namespace LambdaStreamRunner.Runner.Environments.Processes;

/// <summary>Makes lines of what a process writes. A line of any length needs no more than <see cref="PieceBytesMax"/> of memory: it comes in pieces.</summary>
/// <param name="line">Receives each line without its end.</param>
internal sealed class LineSplitter(Action<string> line)
{
    /// <summary>Bytes of the longest line that comes as one: what CloudWatch takes as one event.</summary>
    public const int PieceBytesMax = 256 * 1024;

    private const int FirstBufferBytes = 1024;
    private byte[] _begun = new byte[FirstBufferBytes];
    private int _length;

    /// <summary>More output.</summary>
    public void Add(ReadOnlySpan<byte> output)
    {
        while (output.IndexOf((byte)'\n') is var end and >= 0)
        {
            Append(output[..end]);
            Deliver();
            output = output[(end + 1)..];
        }
        Append(output);
    }

    /// <summary>There is no more: a line that has no end counts as well.</summary>
    public void End()
    {
        if (_length > 0)
            Deliver();
    }

    private void Append(ReadOnlySpan<byte> part)
    {
        while (_length + part.Length > PieceBytesMax)
        {
            int fits = PieceBytesMax - _length;
            Reserve(PieceBytesMax);
            part[..fits].CopyTo(_begun.AsSpan(_length));
            _length = PieceBytesMax;
            part = part[fits..];
            DeliverPiece();
        }
        Reserve(_length + part.Length);
        part.CopyTo(_begun.AsSpan(_length));
        _length += part.Length;
    }

    /// <summary>What is there up to the last whole character; its begun one goes to the next piece.</summary>
    private void DeliverPiece()
    {
        int whole = WholeCharacters(_begun.AsSpan(0, _length));
        line(Encoding.UTF8.GetString(_begun, 0, whole));
        _begun.AsSpan(whole, _length - whole).CopyTo(_begun);
        _length -= whole;
    }

    private void Deliver()
    {
        int length = _length > 0 && _begun[_length - 1] == '\r' ? _length - 1 : _length;
        _length = 0;
        line(Encoding.UTF8.GetString(_begun, 0, length));
    }

    private void Reserve(int bytes)
    {
        if (bytes > _begun.Length)
            Array.Resize(ref _begun, Math.Min(PieceBytesMax, Math.Max(bytes, _begun.Length * 2)));
    }

    /// <summary>Bytes up to the end of the last whole UTF-8 character; all, when the end is no UTF-8 at all.</summary>
    private static int WholeCharacters(ReadOnlySpan<byte> bytes)
    {
        for (int back = 1; back <= Math.Min(3, bytes.Length - 1); back++)
        {
            byte lead = bytes[^back];
            if ((lead & 0b1100_0000) == 0b1000_0000)
                continue;
            int needs = lead >= 0b1111_0000 ? 4 : lead >= 0b1110_0000 ? 3 : lead >= 0b1100_0000 ? 2 : 1;
            return needs > back ? bytes.Length - back : bytes.Length;
        }
        return bytes.Length;
    }
}
