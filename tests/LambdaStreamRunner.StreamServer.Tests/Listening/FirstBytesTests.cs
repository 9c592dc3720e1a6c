using System.Buffers;
using System.Text;
using LambdaStreamRunner.StreamServer.Listening;

namespace LambdaStreamRunner.StreamServer.Tests.Listening;

public class FirstBytesTests
{
    [Theory]
    [InlineData("", nameof(Dialect.Undecided))]
    [InlineData("P", nameof(Dialect.Undecided))]
    [InlineData("PRI * HTTP/2.0\r\n\r\nSM\r\n\r", nameof(Dialect.Undecided))]
    [InlineData("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", nameof(Dialect.Http2))]
    [InlineData("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0", nameof(Dialect.Http2))]
    [InlineData("PRI * HTTP/2.0\r\n\r\nSN", nameof(Dialect.Http1))]
    [InlineData("PO", nameof(Dialect.Http1))]
    [InlineData("GET / HTTP/1.1", nameof(Dialect.Http1))]
    [InlineData("\u0016", nameof(Dialect.Tls))]
    [InlineData("?", nameof(Dialect.Http1))]
    public void The_first_bytes_tell_the_protocol_as_soon_as_they_can(string bytes, string dialect)
    {
        Assert.Equal(dialect, FirstBytes.Judge(new ReadOnlySequence<byte>(Encoding.ASCII.GetBytes(bytes))).ToString());
    }
}
