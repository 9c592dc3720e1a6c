using System.Globalization;
using System.Numerics;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.StreamServer.Tests.Actions;

/// <summary>Kinesis reference 3.4.</summary>
public class GetShardIteratorTests
{
    [Theory]
    [InlineData("shardId-000000000000")]
    [InlineData("shardId-0")]
    [InlineData("foo-0")]
    [InlineData("-00000")]
    [InlineData("0")]
    public async Task Shard_ids_are_read_tolerantly(string shardId)
    {
        await using KinesisServer server = await KinesisServer.StartAsync();
        server.Streams.Create("clicks", 1);

        await server.CallAsync("GetShardIterator", new { StreamName = "clicks", ShardId = shardId, ShardIteratorType = "LATEST" });
    }

    [Theory]
    [InlineData("clicks", "shardId-000000000001", "Shard shardId-000000000001 in stream clicks under account 000000000000 does not exist")]
    [InlineData("clicks", "2147483647", "Shard shardId-002147483647 in stream clicks under account 000000000000 does not exist")]
    [InlineData("none", "shardId-0", "Shard shardId-000000000000 in stream none under account 000000000000 does not exist")]
    [InlineData("none", "2147483648", "Could not find shard 2147483648 in stream none under account 000000000000.")]
    [InlineData("clicks", "2.14E4", "Could not find shard 2.14E4 in stream clicks under account 000000000000.")]
    [InlineData("clicks", "shardId-x", "Could not find shard shardId-x in stream clicks under account 000000000000.")]
    public async Task An_absent_shard_is_told_in_one_of_two_ways(string stream, string shardId, string text)
    {
        await using KinesisServer server = await KinesisServer.StartAsync();
        server.Streams.Create("clicks", 1);

        Assert.Equal(
            $"ResourceNotFoundException: {text}",
            await server.RefusedAsync("GetShardIterator", new { StreamName = stream, ShardId = shardId, ShardIteratorType = "LATEST" }));
    }

    [Theory]
    [InlineData("AT_SEQUENCE_NUMBER", null, "AT_SEQUENCE_NUMBER and no StartingSequenceNumber.")]
    [InlineData("AFTER_SEQUENCE_NUMBER", null, "AFTER_SEQUENCE_NUMBER and no StartingSequenceNumber.")]
    [InlineData("TRIM_HORIZON", "5", "TRIM_HORIZON and also a StartingSequenceNumber.")]
    [InlineData("LATEST", "5", "LATEST and also a StartingSequenceNumber.")]
    public async Task Type_and_number_must_fit(string type, string? number, string end)
    {
        await using KinesisServer server = await KinesisServer.StartAsync();
        server.Streams.Create("clicks", 1);

        Assert.Equal(
            "InvalidArgumentException: Must either specify (1) AT_SEQUENCE_NUMBER or AFTER_SEQUENCE_NUMBER and StartingSequenceNumber or "
            + $"(2) TRIM_HORIZON or LATEST and no StartingSequenceNumber. Request specified {end}",
            await server.RefusedAsync("GetShardIterator", new { StreamName = "clicks", ShardId = "0", ShardIteratorType = type, StartingSequenceNumber = number }));
    }

    [Fact]
    public async Task An_unknown_type_is_answered_with_the_list()
    {
        await using KinesisServer server = await KinesisServer.StartAsync();

        Assert.Equal(
            "ValidationException: 1 validation error detected: Value 'NEWEST' at 'shardIteratorType' failed to satisfy constraint: "
            + "Member must satisfy enum value set: [AFTER_SEQUENCE_NUMBER, LATEST, AT_TIMESTAMP, AT_SEQUENCE_NUMBER, TRIM_HORIZON]",
            await server.RefusedAsync("GetShardIterator", new { StreamName = "clicks", ShardId = "0", ShardIteratorType = "NEWEST" }));
    }

    [Fact]
    public async Task A_number_must_be_one_that_this_shard_can_have_given()
    {
        await using KinesisServer server = await KinesisServer.StartAsync();
        server.Streams.Create("clicks", 2);
        Task<string> Refused(string number) => server.RefusedAsync(
            "GetShardIterator", new { StreamName = "clicks", ShardId = "0", ShardIteratorType = "AT_SEQUENCE_NUMBER", StartingSequenceNumber = number });

        Assert.Equal(
            "InvalidArgumentException: Invalid StartingSequenceNumber. It encodes shardId-000000000001, while it was used in a call to a shard with shardId-000000000000",
            await Refused(server.Streams.Get("clicks").Records.Shards[1].StartingSequenceNumber.ToString()));
        Assert.Equal(
            "InvalidArgumentException: Invalid StartingSequenceNumber. It encodes shardId-000000000005, while it was used in a call to a shard with shardId-000000000000",
            await Refused("5"));
        string foreign = SequenceNumber.Create(1_700_000_000, 0, 1, 1_700_000_000).ToString();
        Assert.Equal(
            $"InvalidArgumentException: StartingSequenceNumber {foreign} used in GetShardIterator on shard shardId-000000000000 in stream clicks under account 000000000000 is invalid because it did not come from this stream.",
            await Refused(foreign));
        // Of the format before today's: 2, time of creation, nibble, byte, time, index in the shard, shard 0, 1.
        string version1 = BigInteger.Parse($"2{1767225600:x9}000{1767225600:x9}00000000000000" + "01" + "00000000" + "1", NumberStyles.HexNumber, CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture);
        Assert.Equal(
            $"InvalidArgumentException: StartingSequenceNumber {version1} used in GetShardIterator on shard shardId-000000000000 in stream clicks under account 000000000000 is invalid because it did not come from this stream.",
            await Refused(version1));
        string nonsense = "9" + new string('0', 55);
        Assert.Equal(
            $"InvalidArgumentException: StartingSequenceNumber {nonsense} used in GetShardIterator on shard shardId-000000000000 in stream clicks under account 000000000000 is invalid.",
            await Refused(nonsense));
    }

    [Fact]
    public async Task A_number_of_the_first_format_is_an_internal_failure_as_in_aws()
    {
        await using KinesisServer server = await KinesisServer.StartAsync();
        server.Streams.Create("clicks", 1);

        (System.Net.HttpStatusCode status, string body) = await server.SendAsync(KinesisServer.Request(
            "GetShardIterator", """{"StreamName":"clicks","ShardId":"0","ShardIteratorType":"AT_SEQUENCE_NUMBER","StartingSequenceNumber":"0"}"""));

        Assert.Equal((500, """{"__type":"InternalFailure"}"""), ((int)status, body));
    }

    [Fact]
    public async Task A_timestamp_is_needed_and_not_from_the_future()
    {
        await using KinesisServer server = await KinesisServer.StartAsync();
        server.Streams.Create("clicks", 1);

        Assert.Equal(
            "InvalidArgumentException: Must specify timestampInMillis parameter for iterator of type AT_TIMESTAMP. Current request has no timestamp parameter.",
            await server.RefusedAsync("GetShardIterator", new { StreamName = "clicks", ShardId = "0", ShardIteratorType = "AT_TIMESTAMP" }));
        Assert.Equal(
            "InvalidArgumentException: The timestampInMillis parameter cannot be greater than the currentTimestampInMillis. timestampInMillis: 1767225600001, currentTimestampInMillis: 1767225600000",
            await server.RefusedAsync("GetShardIterator", new { StreamName = "clicks", ShardId = "0", ShardIteratorType = "AT_TIMESTAMP", Timestamp = 1767225600.001 }));
        Assert.Equal(
            "SerializationException: class java.lang.String can not be converted to milliseconds since epoch",
            await server.RefusedAsync("GetShardIterator", new { StreamName = "clicks", ShardId = "0", ShardIteratorType = "AT_TIMESTAMP", Timestamp = "now" }));
    }

    [Fact]
    public async Task The_longest_name_fits_into_an_iterator()
    {
        await using KinesisServer server = await KinesisServer.StartAsync();
        string name = new('n', 128);
        server.Streams.Create(name, 1).Put("k", "x"u8.ToArray());

        Assert.InRange((await server.IteratorAsync(name, "LATEST")).Length, 1, 512);
    }
}
