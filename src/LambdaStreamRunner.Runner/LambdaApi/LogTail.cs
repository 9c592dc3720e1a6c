using System.Text;

namespace LambdaStreamRunner.Runner.LambdaApi;

/// <summary>The last bytes of the log of one invocation.</summary>
internal sealed class LogTail
{
    /// <summary>As many as X-Amz-Log-Result has, before base64.</summary>
    public const int BytesMax = 4096;

    // What a process has written comes through a pipe, and may come a little after its answer.
    private static readonly TimeSpan QuietAfter = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan QuietAtLast = TimeSpan.FromMilliseconds(250);

    private readonly Lock _gate = new();
    private byte[] _text = [];
    private int _lines;

    public void Add(string line)
    {
        lock (_gate)
        {
            _lines++;
            byte[] longer = [.. _text, .. Encoding.UTF8.GetBytes(line), (byte)'\n'];
            _text = longer.Length <= BytesMax ? longer : longer[^BytesMax..];
        }
    }

    /// <summary>Waits until no line has come for a moment.</summary>
    public async Task QuietAsync(TimeProvider time)
    {
        long begun = time.GetTimestamp();
        for (int before = -1; before != Volatile.Read(ref _lines) && time.GetElapsedTime(begun) < QuietAtLast;)
        {
            before = Volatile.Read(ref _lines);
            await Task.Delay(QuietAfter, time, CancellationToken.None);
        }
    }

    /// <summary>In base64, as the header has it.</summary>
    public string Encode()
    {
        lock (_gate)
            return Convert.ToBase64String(_text);
    }
}
