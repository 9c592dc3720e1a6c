namespace LambdaStreamRunner.Host.Traces;

/// <summary>The fields of one CSV line as bytes: keys are hashed as they are, so nothing is gained by making texts of them.</summary>
internal sealed class CsvFields
{
    private const int CountMax = 256;

    private readonly Range[] _ranges = new Range[CountMax];
    private byte[] _bytes = new byte[1024];

    /// <summary>How many there are; of more than 256 the rest is not looked at.</summary>
    public int Count { get; private set; }

    public ReadOnlySpan<byte> this[int index] => _bytes.AsSpan(_ranges[index]);

    /// <summary>Takes a line apart; false when it ends within quotes. The fields are good until the next call.</summary>
    public bool Split(ReadOnlySpan<byte> line)
    {
        Count = 0;
        if (_bytes.Length < line.Length)
            _bytes = new byte[line.Length * 2];
        return line.Contains((byte)'"') ? SplitQuoted(line) : SplitPlain(line);
    }

    private bool SplitPlain(ReadOnlySpan<byte> line)
    {
        line.CopyTo(_bytes);
        int start = 0;
        while (Count < CountMax)
        {
            int comma = line[start..].IndexOf((byte)',');
            int end = comma < 0 ? line.Length : start + comma;
            _ranges[Count++] = start..end;
            if (comma < 0)
                break;
            start = end + 1;
        }
        return true;
    }

    private bool SplitQuoted(ReadOnlySpan<byte> line)
    {
        int written = 0;
        int start = 0;
        bool isQuoted = false;
        for (int i = 0; i < line.Length; i++)
        {
            byte current = line[i];
            if (current == '"' && isQuoted && i + 1 < line.Length && line[i + 1] == '"')
                _bytes[written++] = line[i++];
            else if (current == '"' && (isQuoted || written == start))
                isQuoted = !isQuoted;
            else if (current == ',' && !isQuoted)
                start = End(start, written);
            else
                _bytes[written++] = current;
        }
        End(start, written);
        return !isQuoted;
    }

    private int End(int start, int written)
    {
        if (Count < CountMax)
            _ranges[Count++] = start..written;
        return written;
    }
}
