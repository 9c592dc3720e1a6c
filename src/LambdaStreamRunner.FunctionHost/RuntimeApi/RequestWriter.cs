using System.Buffers;
using System.Buffers.Text;
using System.Text;
using LambdaStreamRunner.Functions.Invoking;

namespace LambdaStreamRunner.FunctionHost.RuntimeApi;

/// <summary>Writes requests of the Runtime API, one behind the other, into a buffer that is used again.</summary>
internal sealed class RequestWriter(string address)
{
    /// <summary>Bytes kept after a large answer.</summary>
    private const int KeptMax = 1024 * 1024;

    private readonly byte[] _getNext = Encoding.UTF8.GetBytes($"GET /2018-06-01/runtime/invocation/next HTTP/1.1\r\nHost: {address}\r\n\r\n");
    private readonly byte[] _hostAndLength = Encoding.UTF8.GetBytes($" HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/json\r\nContent-Length: ");
    private ArrayBufferWriter<byte> _written = new(4096);
    private int _secondStart;

    /// <summary>Forgets all requests.</summary>
    public void Clear()
    {
        _secondStart = 0;
        if (_written.Capacity > KeptMax)
            _written = new ArrayBufferWriter<byte>(4096);
        else
            _written.ResetWrittenCount();
    }

    /// <summary>The requests without the first ones.</summary>
    /// <param name="answered">How many to leave out: 0 or 1.</param>
    public ReadOnlySpan<byte> From(int answered) => _written.WrittenSpan[(answered == 0 ? 0 : _secondStart)..];

    /// <summary>GET /runtime/invocation/next.</summary>
    public void GetNext()
    {
        _secondStart = _written.WrittenCount;
        _written.Write(_getNext);
    }

    /// <summary>POST /runtime/invocation/ID/response.</summary>
    public void PostResponse(string requestId, ReadOnlySpan<byte> answer) => Post("invocation/", requestId, "/response", errorType: null, answer);

    /// <summary>POST /runtime/invocation/ID/error.</summary>
    public void PostError(string requestId, FunctionError error) => Post("invocation/", requestId, "/error", error.ErrorType, ErrorDocument.Of(error));

    /// <summary>POST /runtime/init/error.</summary>
    public void PostInitError(FunctionError error) => Post("init", "", "/error", error.ErrorType, ErrorDocument.Of(error));

    private void Post(string folder, string requestId, string what, string? errorType, ReadOnlySpan<byte> body)
    {
        _written.Write("POST /2018-06-01/runtime/"u8);
        Append(folder);
        Append(requestId);
        Append(what);
        _written.Write(_hostAndLength);
        Utf8Formatter.TryFormat(body.Length, _written.GetSpan(16), out int digits);
        _written.Advance(digits);
        if (errorType is not null)
        {
            _written.Write("\r\nLambda-Runtime-Function-Error-Type: "u8);
            Append(AsHeader(errorType));
        }
        _written.Write("\r\n\r\n"u8);
        _written.Write(body);
    }

    private void Append(string text) => Encoding.UTF8.GetBytes(text, _written);

    /// <summary>Names of types may have any letters, headers may not.</summary>
    private static string AsHeader(string text) => string.Concat(text.Select(letter => letter is > ' ' and < '\u007f' ? letter : '?'));
}
