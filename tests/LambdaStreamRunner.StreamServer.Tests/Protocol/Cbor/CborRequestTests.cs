using System.Formats.Cbor;
using System.Net;
using System.Text;

namespace LambdaStreamRunner.StreamServer.Tests.Protocol.Cbor;

/// <summary>Kinesis reference 1.2 and 1.5: what may come in CBOR, and what is refused.</summary>
public sealed class CborRequestTests : IAsyncLifetime
{
    private KinesisServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await KinesisServer.StartAsync();
        _server.Streams.Create("clicks", 1);
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData("ListStreams", "", """400 {"__type":"SerializationException"}""")]
    [InlineData("Dance", "", """400 {"__type":"UnknownOperationException"}""")]
    [InlineData("ListStreams", "80", """400 {"__type":"SerializationException"}""")]                 // a list
    [InlineData("ListStreams", "a1", """400 {"__type":"SerializationException"}""")]                 // a map that is cut off
    [InlineData("ListStreams", "a0a0", """400 {"__type":"SerializationException"}""")]               // two
    [InlineData("ListStreams", "a10102", """400 {"__type":"SerializationException"}""")]             // a number as a name
    [InlineData("ListStreams", "bb7fffffffffffffff", """400 {"__type":"SerializationException"}""")] // nine quintillion members
    [InlineData("Dance", "80", """400 {"__type":"SerializationException"}""")]
    [InlineData("Dance", "a0", """400 {"__type":"UnknownOperationException"}""")]
    [InlineData("ListStreams", "bfff", """200 {"StreamNames":["clicks"]""")]
    [InlineData("ListStreams", "d9d9f7a0", """200 {"StreamNames":["clicks"]""")]                     // tagged as CBOR
    [InlineData("ListStreams", "a1654c696d6974f6", """200 {"StreamNames":["clicks"]""")]             // Limit: null
    [InlineData("ListStreams", "a1654c696d697401", """200 {"StreamNames":["clicks"]""")]             // Limit: 1
    [InlineData("ListStreams", "a1654c696d6974fb3ff0000000000000", """200 {"StreamNames":["clicks"]""")]
    [InlineData("ListStreams", "a17f634c696d626974ff01", """200 {"StreamNames":["clicks"]""")]       // "Lim" "it": 1
    [InlineData("ListStreams", "a1654c696d6974fb7ff8000000000000", """400 {"__type":"SerializationException"}""")] // NaN
    [InlineData("ListStreams", "a1654c696d69743bffffffffffffffff", "400 {\"__type\":\"ValidationException\",\"message\":\"1 validation error detected: Value \\u0027-2147483647\\u0027")]
    [InlineData("ListStreams", "a1654c696d69746131", """400 {"__type":"SerializationException","Message":"class java.lang.String can not be converted to an Integer"}""")]
    [InlineData("DescribeStream", "a16a53747265616d4e616d65f5", """400 {"__type":"SerializationException","Message":"class java.lang.Boolean can not be converted to an String"}""")]
    [InlineData("DescribeStream", "a16a53747265616d4e616d6580", """400 {"__type":"SerializationException","Message":"Start of list found where not expected"}""")]
    [InlineData("DescribeStream", "a16a53747265616d4e616d65a0", """400 {"__type":"SerializationException","Message":"Start of structure or map found where not expected."}""")]
    [InlineData("DescribeStream", "a16a53747265616d4e616d6540", """400 {"__type":"SerializationException","Message":"class java.nio.HeapByteBuffer can not be converted to an String"}""")]
    [InlineData("DescribeStream", "a16a53747265616d4e616d6561ff", """400 {"__type":"SerializationException"}""")] // no UTF-8
    [InlineData("PutRecord", "a16444617461623d3d", """400 {"__type":"SerializationException","Message":"class java.lang.String can not be converted to a Blob"}""")]
    [InlineData("PutRecords", "a1675265636f72647340", """400 {"__type":"SerializationException","Message":"Expected list or null"}""")]
    [InlineData("GetShardIterator", "a16954696d657374616d706131", """400 {"__type":"SerializationException","Message":"class java.lang.String can not be converted to milliseconds since epoch"}""")]
    public async Task Every_form_is_read_and_every_mistake_is_named(string action, string hex, string expected)
    {
        string answer = await AskAsync(action, Convert.FromHexString(hex));

        Assert.StartsWith(expected, answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(63, "200 ")]
    [InlineData(64, """400 {"__type":"SerializationException"}""")]
    [InlineData(1_000_000, """400 {"__type":"SerializationException"}""")]
    public async Task Depth_is_bounded_also_in_members_that_nobody_knows(int depth, string expected)
    {
        byte[] body = [0xa1, 0x61, (byte)'x', .. Enumerable.Repeat((byte)0x81, depth), 0x01];

        Assert.StartsWith(expected, await AskAsync("ListStreams", body), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Small_numbers_in_great_number_stay_small()
    {
        byte[] body = [0xa1, 0x61, (byte)'x', 0x9f, .. Enumerable.Repeat((byte)0xf9, 3 * 1_000_000), 0xff];

        Assert.StartsWith("200 ", await AskAsync("ListStreams", body), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1767225599000, "c1")]
    [InlineData(1767225599000, "")]
    public async Task A_time_is_milliseconds_with_or_without_its_tag(long milliseconds, string tag)
    {
        _server.Time.Advance(TimeSpan.FromSeconds(1));
        byte[] time = [.. Convert.FromHexString(tag), .. Number(milliseconds)];

        Assert.StartsWith("200 ", await AskAsync("GetShardIterator", Iterator(time)), StringComparison.Ordinal);
        Assert.Contains("cannot be greater than the currentTimestampInMillis", await AskAsync("GetShardIterator", Iterator([.. Convert.FromHexString(tag), .. Number(milliseconds + 10_000)])), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_time_as_a_floating_point_number_is_read_too()
    {
        var writer = new CborWriter();
        writer.WriteDouble(1767225599000.5);

        Assert.StartsWith("200 ", await AskAsync("GetShardIterator", Iterator([0xc1, .. writer.Encode()])), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Credentials_are_asked_for_before_types_as_in_JSON()
    {
        HttpRequestMessage request = CborText.Request("ListStreams", Convert.FromHexString("a1654c696d69746131"));
        request.Headers.Remove("Authorization");

        Assert.Equal("""400 {"__type":"MissingAuthenticationTokenException","message":"Missing Authentication Token"}""", await AskAsync(request));
    }

    [Fact]
    public async Task A_record_of_any_bytes_in_pieces_comes_back_whole()
    {
        byte[] body = [0xbf, .. Text("StreamName"), .. Text("clicks"), .. Text("PartitionKey"), .. Text("k"), .. Text("Data"), 0x5f, 0x43, 0, 1, 2, 0x41, 255, 0xff, 0xff];

        Assert.StartsWith("200 ", await AskAsync("PutRecord", body), StringComparison.Ordinal);

        string iterator = await _server.IteratorAsync("clicks", "TRIM_HORIZON");
        Assert.Equal("AAEC/w==", (await _server.CallAsync("GetRecords", new { ShardIterator = iterator })).GetProperty("Records")[0].GetProperty("Data").GetString());
    }

    private static byte[] Iterator(byte[] time) =>
    [
        0xbf,
        .. Text("StreamName"), .. Text("clicks"),
        .. Text("ShardId"), .. Text("shardId-000000000000"),
        .. Text("ShardIteratorType"), .. Text("AT_TIMESTAMP"),
        .. Text("Timestamp"), .. time,
        0xff,
    ];

    private static byte[] Text(string text) => Encoded(writer => writer.WriteTextString(text));

    private static byte[] Number(long number) => Encoded(writer => writer.WriteInt64(number));

    private static byte[] Encoded(Action<CborWriter> write)
    {
        var writer = new CborWriter();
        write(writer);
        return writer.Encode();
    }

    private Task<string> AskAsync(string action, byte[] body) => AskAsync(CborText.Request(action, body));

    private async Task<string> AskAsync(HttpRequestMessage request)
    {
        using HttpResponseMessage response = await _server.Http.SendAsync(request, TestContext.Current.CancellationToken);
        byte[] body = await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        Assert.Equal(CborText.ContentType, response.Content.Headers.ContentType!.ToString());
        return $"{(int)response.StatusCode} {CborText.ToJson(body)!.ToJsonString()}";
    }
}
