using System.Text.Json;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.StreamServer.Tests.Actions;

/// <summary>Kinesis reference 3.1 to 3.3.</summary>
public class PutRecordTests
{
    [Fact]
    public async Task The_answer_names_the_shard_and_the_number()
    {
        await using KinesisServer server = await KinesisServer.StartAsync();
        server.Streams.Create("clicks", 2);
        server.Time.Advance(TimeSpan.FromSeconds(5));

        JsonElement first = await server.CallAsync("PutRecord", new { StreamName = "clicks", Data = "YQ==", PartitionKey = "partitionKey" });
        JsonElement second = await server.CallAsync("PutRecord", new { StreamName = "clicks", Data = "", PartitionKey = "partitionKey" });

        Assert.Equal("shardId-000000000001", first.GetProperty("ShardId").GetString());
        Assert.Equal(2, first.EnumerateObject().Count());
        string number = first.GetProperty("SequenceNumber").GetString()!;
        Assert.Equal(56, number.Length);
        Assert.Equal(1_767_225_605, SequenceNumber.Parse(number).RecordSeconds);
        Assert.True(string.CompareOrdinal(number, second.GetProperty("SequenceNumber").GetString()) < 0);
    }

    [Theory]
    [InlineData("0", "shardId-000000000000")]
    [InlineData("170141183460469231731687303715884105727", "shardId-000000000000")]
    [InlineData("170141183460469231731687303715884105728", "shardId-000000000001")]
    [InlineData("340282366920938463463374607431768211455", "shardId-000000000001")]
    public async Task An_explicit_hash_key_chooses_the_shard(string hashKey, string shard)
    {
        await using KinesisServer server = await KinesisServer.StartAsync();
        server.Streams.Create("clicks", 2);

        JsonElement put = await server.CallAsync("PutRecord", new { StreamName = "clicks", Data = "", PartitionKey = "k", ExplicitHashKey = hashKey });

        Assert.Equal(shard, put.GetProperty("ShardId").GetString());
    }

    [Fact]
    public async Task A_hash_key_beyond_128_bits_is_refused()
    {
        await using KinesisServer server = await KinesisServer.StartAsync();
        server.Streams.Create("clicks", 1);

        Assert.Equal(
            "InvalidArgumentException: Invalid ExplicitHashKey. ExplicitHashKey must be in the range: [0, 2^128-1]. "
            + "Specified value was 340282366920938463463374607431768211456",
            await server.RefusedAsync("PutRecord", new { StreamName = "clicks", Data = "", PartitionKey = "k", ExplicitHashKey = "340282366920938463463374607431768211456" }));
    }

    [Fact]
    public async Task The_number_for_ordering_must_be_one_that_kinesis_can_have_given()
    {
        await using KinesisServer server = await KinesisServer.StartAsync();
        EmbeddedStream stream = server.Streams.Create("clicks", 1);
        SequenceNumber before = stream.Put("k", "x"u8.ToArray()).SequenceNumber;
        SequenceNumber future = SequenceNumber.Create(1_767_225_600, 0, 7, 1_767_225_601);

        JsonElement put = await server.CallAsync(
            "PutRecord", new { StreamName = "clicks", Data = "", PartitionKey = "k", SequenceNumberForOrdering = before.ToString() });
        Assert.True(SequenceNumber.Parse(put.GetProperty("SequenceNumber").GetString()) > before);

        Assert.Equal(
            $"InvalidArgumentException: ExclusiveMinimumSequenceNumber {future} used in PutRecord on stream clicks under account 000000000000 is invalid.",
            await server.RefusedAsync("PutRecord", new { StreamName = "clicks", Data = "", PartitionKey = "k", SequenceNumberForOrdering = future.ToString() }));
        string nonsense = "9" + new string('0', 55);
        Assert.Equal(
            $"InvalidArgumentException: ExclusiveMinimumSequenceNumber {nonsense} used in PutRecord on stream clicks under account 000000000000 is invalid.",
            await server.RefusedAsync("PutRecord", new { StreamName = "clicks", Data = "", PartitionKey = "k", SequenceNumberForOrdering = nonsense }));
    }

    [Fact]
    public async Task Numbers_say_when_and_where_they_were_given_and_grow()
    {
        await using KinesisServer server = await KinesisServer.StartAsync();
        EmbeddedStream stream = server.Streams.Create("clicks", 2);
        SequenceNumber last = stream.Records.Shards[1].StartingSequenceNumber;
        for (int i = 0; i < 5; i++)
        {
            server.Time.Advance(TimeSpan.FromMilliseconds(700));
            JsonElement put = await server.CallAsync("PutRecord", new { StreamName = "clicks", Data = "", PartitionKey = "partitionKey" });
            string digits = put.GetProperty("SequenceNumber").GetString()!;
            SequenceNumber number = SequenceNumber.Parse(digits);
            Assert.Equal((56, true, 1), (digits.Length, number.IsVersion2, number.ShardIndex));
            Assert.True(number > last);
            last = number;
        }

        string iterator = (await server.CallAsync(
            "GetShardIterator", new { StreamName = "clicks", ShardId = "shardId-000000000001", ShardIteratorType = "TRIM_HORIZON" })).GetProperty("ShardIterator").GetString()!;
        JsonElement[] records = [.. (await server.CallAsync("GetRecords", new { ShardIterator = iterator })).GetProperty("Records").EnumerateArray()];
        Assert.Equal(5, records.Length);
        Assert.All(records, record => Assert.InRange(
            record.GetProperty("ApproximateArrivalTimestamp").GetDecimal() - SequenceNumber.Parse(record.GetProperty("SequenceNumber").GetString()).RecordSeconds, 0, 3));
    }

    [Fact]
    public async Task Key_and_data_together_may_be_one_mebibyte()
    {
        await using KinesisServer server = await KinesisServer.StartAsync();
        EmbeddedStream stream = server.Streams.Create("clicks", 1);
        byte[] data = new byte[(1024 * 1024) - 1];

        await server.CallAsync("PutRecord", new { StreamName = "clicks", Data = data, PartitionKey = "k" });
        Assert.Equal(
            "InvalidArgumentException: Record size (data + partition key) of 1048577 bytes exceeds the maximum of 1048576 bytes.",
            await server.RefusedAsync("PutRecord", new { StreamName = "clicks", Data = data, PartitionKey = "kk" }));
        Assert.Equal(1, stream.Records.Shards[0].RecordCount);
    }

    [Theory]
    [InlineData("""{"StreamName":"clicks"}""", "ValidationException: 2 validation errors detected: Value null at 'data' failed to satisfy constraint: Member must not be null; Value null at 'partitionKey' failed to satisfy constraint: Member must not be null")]
    [InlineData("""{"StreamName":"clicks","Data":"","PartitionKey":""}""", "ValidationException: 1 validation error detected: Value '' at 'partitionKey' failed to satisfy constraint: Member must have length greater than or equal to 1")]
    [InlineData("""{"StreamName":"clicks","Data":"23456","PartitionKey":"k"}""", "SerializationException: '23456' can not be converted to a Blob: Base64 encoded length is expected a multiple of 4 bytes but found: 5")]
    [InlineData("""{"StreamName":"clicks","Data":"=234","PartitionKey":"k"}""", "SerializationException: '=234' can not be converted to a Blob: Invalid Base64 character: '='")]
    [InlineData("""{"StreamName":"clicks","Data":"ab \n","PartitionKey":"k"}""", "SerializationException: 'ab \n' can not be converted to a Blob: Invalid Base64 character: ' '")]
    [InlineData("""{"StreamName":"clicks","Data":"ab==","PartitionKey":"k"}""", "SerializationException: 'ab==' can not be converted to a Blob: Invalid last non-pad Base64 character dectected")]
    [InlineData("""{"StreamName":"clicks","Data":"abd=","PartitionKey":"k"}""", "SerializationException: 'abd=' can not be converted to a Blob: Invalid last non-pad Base64 character dectected")]
    [InlineData("""{"StreamName":"clicks","Data":1,"PartitionKey":"k"}""", "SerializationException: class com.amazon.coral.value.json.numbers.TruncatingBigNumber can not be converted to a Blob")]
    [InlineData("""{"StreamName":"clicks","Data":"","PartitionKey":true}""", "SerializationException: class java.lang.Boolean can not be converted to an String")]
    [InlineData("""{"StreamName":"clicks","Data":"","PartitionKey":[]}""", "SerializationException: Start of list found where not expected")]
    [InlineData("""{"StreamName":"clicks","Data":"","PartitionKey":{}}""", "SerializationException: Start of structure or map found where not expected.")]
    [InlineData("""{"StreamName":"clicks","Data":"","PartitionKey":"\ud800"}""", "SerializationException")]
    [InlineData("""{"StreamName":"none","Data":"","PartitionKey":"k"}""", "ResourceNotFoundException: Stream none under account 000000000000 not found.")]
    public async Task A_wrong_request_is_refused_in_the_words_of_kinesis(string body, string error)
    {
        await using KinesisServer server = await KinesisServer.StartAsync();
        EmbeddedStream stream = server.Streams.Create("clicks", 1);

        Assert.Equal(error, await server.RefusedAsync(KinesisServer.Request("PutRecord", body)));
        Assert.Equal(0, stream.Records.Shards[0].RecordCount);
    }

    [Fact]
    public async Task A_full_memory_is_told_clearly()
    {
        await using KinesisServer server = await KinesisServer.StartAsync(new EmbeddedStreamsOptions { BytesMax = 1000 });
        server.Streams.Create("clicks", 1);

        string refused = await server.RefusedAsync("PutRecord", new { StreamName = "clicks", Data = new byte[1000], PartitionKey = "k" });

        Assert.StartsWith("LimitExceededException: The records of all streams would pass the 1000 bytes", refused, StringComparison.Ordinal);
        Assert.Contains("--data DIR", refused, StringComparison.Ordinal);
    }
}
