using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using CsCheck;
using LambdaStreamRunner.FunctionHost.RuntimeApi;

namespace LambdaStreamRunner.FunctionHost.Tests.RuntimeApi;

/// <summary>https://www.rfc-editor.org/rfc/rfc9112: reading responses however they are cut.</summary>
public class Responses
{
    private static readonly Gen<Sent> Any = Gen.Select(
        Gen.Int[200, 599], Gen.Byte.Array[0, 300], Gen.Int[1, 50].List[0, 5], Gen.Bool,
        (status, body, chunks, isChunked) => new Sent(status, body, isChunked ? [.. chunks] : null));

    [Fact]
    public void Responses_behind_each_other_are_read_one_by_one_wherever_the_network_cuts_them() =>
        Gen.Select(Any.List[1, 6], Gen.Int[1, 200].List[1, 12]).Sample((responses, cuts) =>
        {
            (Socket client, Socket server) = Connected();
            using (client)
            {
                var reader = new HttpResponseReader(client);
                using (server)
                    SendInPieces(server, [.. responses.SelectMany(response => response.Bytes())], cuts);

                foreach (Sent response in responses)
                {
                    HttpResponse read = reader.Read()!.Value;
                    Assert.Equal(response.Status, read.Status);
                    Assert.Equal(response.Body, read.Body.ToArray());
                    Assert.Equal("a value", read.Header("x-NAME"u8));
                    Assert.Null(read.Header("X-Nam"u8));
                    Assert.Equal(-12, read.Number("X-Number"u8));
                }
                Assert.Null(reader.Read());
            }
        });

    [Theory]
    [InlineData("SSH-2.0-OpenSSH_9.2\r\n\r\n", "it begins with 'SSH-2.0-OpenSSH_9.2'")]
    [InlineData("HTTP/1.1 200 OK\r\nServer: x\r\n\r\n", "it has neither Content-Length nor chunks")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n", "its Content-Length is 99999999999")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", "its Content-Length is -1")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nhello\r\n", "'hello' is not the length of a chunk")]
    public void What_is_no_response_is_refused(string bytes, string because)
    {
        (Socket client, Socket server) = Connected();
        using (client)
        using (server)
        {
            server.Send(Encoding.UTF8.GetBytes(bytes));

            var refused = Assert.Throws<RuntimeApiException>(() => new HttpResponseReader(client).Read());

            Assert.Equal($"The Runtime API's response cannot be read: {because}.", refused.Message);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n1234")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n1234")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\n1234\r\n0")]
    public void Half_a_response_is_none(string bytes)
    {
        (Socket client, Socket server) = Connected();
        using (client)
        {
            server.Send(Encoding.UTF8.GetBytes(bytes));
            server.Dispose();

            Assert.Null(new HttpResponseReader(client).Read());
        }
    }

    private static void SendInPieces(Socket server, byte[] bytes, List<int> cuts)
    {
        server.NoDelay = true;
        for (int sent = 0, cut = 0; sent < bytes.Length; cut++)
            sent += server.Send(bytes.AsSpan(sent, Math.Min(cuts[cut % cuts.Count], bytes.Length - sent)));
    }

    private static (Socket Client, Socket Server) Connected()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        client.Connect(listener.LocalEndPoint!);
        return (client, listener.Accept());
    }

    /// <summary>A response as a server sends it: with a length, or in chunks of the given sizes.</summary>
    private sealed record Sent(int Status, byte[] Body, int[]? Chunks)
    {
        public byte[] Bytes()
        {
            string framing = Chunks is null ? string.Create(CultureInfo.InvariantCulture, $"Content-Length: {Body.Length}") : "Transfer-Encoding: chunked";
            string head = string.Create(CultureInfo.InvariantCulture, $"HTTP/1.1 {Status} Whatever\r\nX-Name:  a value\r\n{framing}\r\nx-number: -12\r\n\r\n");
            return [.. Encoding.UTF8.GetBytes(head), .. Chunks is null ? Body : Chunked()];
        }

        private byte[] Chunked()
        {
            List<byte> bytes = [];
            for (int sent = 0, chunk = 0; sent < Body.Length; chunk++)
            {
                int length = Math.Min(chunk < Chunks!.Length ? Chunks[chunk] : Body.Length, Body.Length - sent);
                bytes.AddRange([.. Encoding.UTF8.GetBytes($"{length:X}\r\n"), .. Body.AsSpan(sent, length), (byte)'\r', (byte)'\n']);
                sent += length;
            }
            bytes.AddRange("0\r\n\r\n"u8);
            return [.. bytes];
        }
    }
}
