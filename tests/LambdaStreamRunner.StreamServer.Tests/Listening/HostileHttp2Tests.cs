using System.Buffers.Binary;
using LambdaStreamRunner.StreamServer.Listening;
using LambdaStreamRunner.StreamServer.Tests.Fuzzing;

namespace LambdaStreamRunner.StreamServer.Tests.Listening;

/// <summary>What one HTTP/2 connection may ask of the server is bounded, and the others do not feel it.</summary>
public sealed class HostileHttp2Tests : IAsyncLifetime
{
    private readonly FaultLog _faults = new();
    private KinesisServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await KinesisServer.StartAsync(log: _faults);

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _faults.Dispose();
    }

    [Fact]
    public async Task The_server_says_its_bounds_first()
    {
        await using RawHttp2 peer = await RawHttp2.ConnectAsync(_server.Url);

        (byte type, _, byte[] payload) = (await peer.ReadAsync())!.Value;

        Assert.Equal(RawHttp2.Settings, type);
        Dictionary<int, int> settings = payload.Chunk(6).ToDictionary(
            setting => (int)BinaryPrimitives.ReadUInt16BigEndian(setting), setting => BinaryPrimitives.ReadInt32BigEndian(setting.AsSpan(2)));
        Assert.Equal(ConnectionLimits.StreamsPerConnectionMax, settings[3]);
        Assert.Equal(ConnectionLimits.HeadersBytesMax, settings[6]);
    }

    /// <summary>CVE-2023-44487: requests that are taken back as soon as they are made.</summary>
    [Fact]
    public async Task Who_resets_requests_rapidly_is_cut()
    {
        await using RawHttp2 peer = await RawHttp2.ConnectAsync(_server.Url);
        Task<int?> reading = peer.ReadToEndAsync();
        byte[] call = RawHttp2.CallHeaders("ListStreams");
        int stream = 1;
        bool isCut = false;
        for (int batch = 0; batch < 1000 && !isCut; batch++)
        {
            using var bytes = new MemoryStream();
            for (int i = 0; i < 100; i++, stream += 2)
            {
                bytes.Write(RawHttp2.Frame(RawHttp2.Headers, RawHttp2.EndHeaders, stream, call));
                bytes.Write(RawHttp2.Frame(RawHttp2.ResetStream, 0, stream, [0, 0, 0, 8]));
            }
            isCut = !await peer.TrySendAsync(bytes.ToArray());
        }

        await peer.DisposeAsync();
        await reading;
        await AssertServesAsync();
        Assert.True(isCut);
    }

    /// <summary>A few bytes that mean many: a header of 4,000 bytes that is remembered, and named again and again.</summary>
    [Fact]
    public async Task A_header_bomb_is_refused()
    {
        await using RawHttp2 peer = await RawHttp2.ConnectAsync(_server.Url);
        byte[] bomb = [.. RawHttp2.CallHeaders("ListStreams"), .. RawHttp2.RememberedHeader("x", new string('x', 3900)), .. Enumerable.Repeat((byte)(0x80 | 62), 10_000)];

        await peer.SendAsync(RawHttp2.Frame(RawHttp2.Headers, RawHttp2.EndHeaders | RawHttp2.EndStream, 1, bomb));

        Assert.NotNull(await peer.ReadToEndAsync());
        await AssertServesAsync();
    }

    /// <summary>CVE-2024-27316 and its kin: headers without an end.</summary>
    [Fact]
    public async Task Endless_continuations_are_refused()
    {
        await using RawHttp2 peer = await RawHttp2.ConnectAsync(_server.Url);
        Task<int?> reading = peer.ReadToEndAsync();
        byte[] more = RawHttp2.Frame(RawHttp2.Continuation, 0, 1, RawHttp2.Header("x-more", new string('x', 1000)));
        await peer.SendAsync(RawHttp2.Frame(RawHttp2.Headers, 0, 1, RawHttp2.CallHeaders("ListStreams")));
        int sent = 0;
        while (sent < 10_000 && await peer.TrySendAsync(more))
            sent++;

        await reading;
        Assert.InRange(sent, 1, 9_999);
        await AssertServesAsync();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Mutilated_conversations_end_and_harm_nobody(int part)
    {
        int seed = Random.Shared.Next();
        TestContext.Current.TestOutputHelper?.WriteLine($"part {part}, seed {seed}");
        var random = new Random(seed);
        byte[] good =
        [
            .. RawHttp2.Frame(RawHttp2.Headers, RawHttp2.EndHeaders, 1, RawHttp2.CallHeaders("ListStreams")),
            .. RawHttp2.Frame(RawHttp2.Data, RawHttp2.EndStream, 1, "{}"u8),
            .. RawHttp2.Frame(RawHttp2.Headers, RawHttp2.EndHeaders, 3, RawHttp2.CallHeaders("PutRecord")),
            .. RawHttp2.Frame(RawHttp2.Data, 0, 3, """{"StreamName":"clicks","""u8),
        ];
        for (int i = 0; i < 100; i++)
        {
            byte[] bytes = [.. good];
            for (int change = random.Next(1, 6); change > 0; change--)
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            await using RawHttp2 peer = await RawHttp2.ConnectAsync(_server.Url);
            await peer.TrySendAsync(bytes[..random.Next(1, bytes.Length)]);
            peer.HangUp();
            await peer.ReadToEndAsync();
        }
        await AssertServesAsync();
    }

    private async Task AssertServesAsync()
    {
        await _server.CallAsync("ListStreams", new { });
        Assert.Empty(_faults.Faults);
    }
}
