using System.Net;
using System.Net.Sockets;
using System.Text;
using LambdaStreamRunner.StreamServer.Listening;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace LambdaStreamRunner.StreamServer.Tests.Listening;

/// <summary>Who is too slow is cut, on either half of the server. The bounds are a second here; the real ones are only longer.</summary>
public sealed class SlowClientsTests : IAsyncLifetime
{
    private KinesisServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await KinesisServer.StartAsync(configure: kestrel =>
    {
        kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(1);
        kestrel.Limits.KeepAliveTimeout = TimeSpan.FromSeconds(1);
        kestrel.Limits.MinRequestBodyDataRate = new MinDataRate(10_000, TimeSpan.FromSeconds(1.1));
    });

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData("POST / HTTP/1.1\r\nHost: localhost\r\nX-Amz-", "HTTP/1.1 408")]
    [InlineData("POST / HTTP/1.1\r\nHost: localhost\r\nX-Amz-Target: Kinesis_20131202.ListStreams\r\nContent-Length: 100\r\n\r\n{", "HTTP/1.1 408")]
    public async Task Headers_and_bodies_that_do_not_end(string begun, string answer)
    {
        using var tcp = new TcpClient();
        await tcp.ConnectAsync(IPAddress.Loopback, new Uri(_server.Url).Port, TestContext.Current.CancellationToken);
        await tcp.GetStream().WriteAsync(Encoding.ASCII.GetBytes(begun), TestContext.Current.CancellationToken);

        using var reader = new StreamReader(tcp.GetStream(), Encoding.ASCII);
        Assert.StartsWith(answer, await reader.ReadToEndAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_connection_that_says_HTTP_2_and_then_nothing()
    {
        await using RawHttp2 peer = await RawHttp2.ConnectAsync(_server.Url);

        Assert.NotNull(await peer.ReadToEndAsync());
    }

    [Fact]
    public async Task Headers_over_HTTP_2_that_do_not_end()
    {
        await using RawHttp2 peer = await RawHttp2.ConnectAsync(_server.Url);
        await peer.SendAsync(RawHttp2.Frame(RawHttp2.Headers, 0, 1, RawHttp2.CallHeaders("ListStreams")));

        await peer.ReadToEndAsync();
    }

    [Fact]
    public async Task A_body_over_HTTP_2_that_does_not_end()
    {
        await using RawHttp2 peer = await RawHttp2.ConnectAsync(_server.Url);
        await peer.SendAsync(RawHttp2.Frame(RawHttp2.Headers, RawHttp2.EndHeaders, 1, RawHttp2.CallHeaders("ListStreams")));
        await peer.SendAsync(RawHttp2.Frame(RawHttp2.Data, 0, 1, "{"u8));

        await peer.ReadToEndAsync();
    }

    [Fact]
    public void Every_bound_is_set_on_both_halves()
    {
        var visible = new KestrelServerLimits();
        ConnectionLimits.Apply(visible);
        var streams = new KestrelServerLimits();
        ConnectionLimits.ApplyToStreams(streams, visible);

        Assert.Equal(ConnectionLimits.ConnectionsMax, visible.MaxConcurrentConnections);
        foreach (KestrelServerLimits limits in new[] { visible, streams })
        {
            Assert.Equal(ConnectionLimits.HeadersTimeout, limits.RequestHeadersTimeout);
            Assert.Equal(ConnectionLimits.IdleTimeout, limits.KeepAliveTimeout);
            Assert.Equal(ConnectionLimits.HeadersBytesMax, limits.MaxRequestHeadersTotalSize);
            Assert.Equal((ConnectionLimits.RequestBytesPerSecondMin, ConnectionLimits.SlowRequestGrace), (limits.MinRequestBodyDataRate!.BytesPerSecond, limits.MinRequestBodyDataRate.GracePeriod));
        }
        Assert.Equal(ConnectionLimits.SlowResponseGrace, visible.MinResponseDataRate!.GracePeriod);
        Assert.Equal(ConnectionLimits.SlowStreamGrace, streams.MinResponseDataRate!.GracePeriod);
        Assert.Equal(ConnectionLimits.PingDelay, streams.Http2.KeepAlivePingDelay);
    }
}
