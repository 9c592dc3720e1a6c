using System.Text;

namespace LambdaStreamRunner.Runner.LambdaApi;

/// <summary>The last bytes of the log of one invocation.</summary>
internal sealed class LogTail
{
    /// <summary>As many as X-Amz-Log-Result has, before base64.</summary>
    public const int BytesMax = 4096;

    private readonly Lock _gate = new();
    private byte[] _text = [];

    public void Add(string line)
    {
        lock (_gate)
        {
            byte[] longer = [.. _text, .. Encoding.UTF8.GetBytes(line), (byte)'\n'];
            _text = longer.Length <= BytesMax ? longer : longer[^BytesMax..];
        }
    }

    /// <summary>In base64, as the header has it.</summary>
    public string Encode()
    {
        lock (_gate)
            return Convert.ToBase64String(_text);
    }
}
