using LambdaStreamRunner.StreamServer.Tests.Subscriptions;

namespace LambdaStreamRunner.StreamServer.Tests.Clients;

/// <summary>boto3, unchanged.</summary>
public class Boto3Tests
{
    private const string Python = "/usr/bin/python3";
    private const string Boto3 = "/usr/lib/python3/dist-packages/boto3/__init__.py";

    private const string Script =
        """
        import sys, boto3
        from botocore.exceptions import ClientError
        kinesis = boto3.client("kinesis", endpoint_url=sys.argv[1])

        kinesis.create_stream(StreamName="clicks", ShardCount=2)
        kinesis.get_waiter("stream_exists").wait(StreamName="clicks")
        stream = kinesis.describe_stream_summary(StreamName="clicks")["StreamDescriptionSummary"]
        assert stream["StreamStatus"] == "ACTIVE" and stream["OpenShardCount"] == 2, stream
        assert kinesis.list_streams()["StreamNames"] == ["clicks"]
        shards = [page["StreamDescription"]["Shards"][0]["ShardId"] for page in kinesis.get_paginator("describe_stream").paginate(StreamName="clicks", PaginationConfig={"PageSize": 1})]
        assert shards == [s["ShardId"] for s in kinesis.list_shards(StreamName="clicks")["Shards"]], shards

        everything = bytes(range(256))
        put = kinesis.put_record(StreamName="clicks", Data=everything, PartitionKey="schlüssel")
        many = kinesis.put_records(StreamName="clicks", Records=[{"Data": b"%d" % i, "PartitionKey": "schlüssel"} for i in range(500)])
        assert many["FailedRecordCount"] == 0
        numbers = [int(put["SequenceNumber"])] + [int(r["SequenceNumber"]) for r in many["Records"]]
        assert numbers == sorted(numbers)

        iterator = kinesis.get_shard_iterator(StreamName="clicks", ShardId=put["ShardId"], ShardIteratorType="TRIM_HORIZON")["ShardIterator"]
        records = []
        while len(records) < 501:
            page = kinesis.get_records(ShardIterator=iterator, Limit=100)
            records += page["Records"]
            iterator = page["NextShardIterator"]
        assert records[0]["Data"] == everything and records[0]["PartitionKey"] == "schlüssel"
        assert [r["Data"] for r in records[1:]] == [b"%d" % i for i in range(500)]
        assert [int(r["SequenceNumber"]) for r in records] == numbers
        assert records[0]["ApproximateArrivalTimestamp"].timestamp() == 1767225600, records[0]

        try:
            kinesis.put_record(StreamName="none", Data=b"", PartitionKey="k")
            raise AssertionError("put to a stream that does not exist")
        except kinesis.exceptions.ResourceNotFoundException as e:
            assert e.response["Error"]["Message"] == "Stream none under account 000000000000 not found.", e
        kinesis.delete_stream(StreamName="clicks")
        kinesis.get_waiter("stream_not_exists").wait(StreamName="clicks")
        print("ok")
        """;

    private const string SubscribingScript =
        """
        import sys, boto3
        kinesis = boto3.client("kinesis", endpoint_url=sys.argv[1])
        records = []
        subscription = kinesis.subscribe_to_shard(ConsumerARN=sys.argv[2], ShardId="shardId-000000000000", StartingPosition={"Type": "TRIM_HORIZON"})
        for event in subscription["EventStream"]:
            records += event["SubscribeToShardEvent"]["Records"]
            assert int(event["SubscribeToShardEvent"]["ContinuationSequenceNumber"]) >= int(records[-1]["SequenceNumber"])
            if len(records) == 3:
                break
            kinesis.put_record(StreamName="clicks", Data=b"three", PartitionKey="k")
        assert [r["Data"] for r in records] == [b"one", b"two", b"three"], records
        assert records[0]["ApproximateArrivalTimestamp"].timestamp() == 1767225600, records[0]
        try:
            kinesis.subscribe_to_shard(ConsumerARN=sys.argv[2], ShardId="shardId-000000000000", StartingPosition={"Type": "LATEST"})
            raise AssertionError("a second subscription")
        except kinesis.exceptions.ResourceInUseException:
            print("ok")
        """;

    public Boto3Tests()
    {
        ClientProcess.Require(Python, "python3");
        ClientProcess.Require(Boto3, "python3-boto3");
    }

    [Fact]
    public async Task A_script_creates_puts_reads_and_deletes()
    {
        await using KinesisServer server = await KinesisServer.StartAsync();

        Assert.Equal("ok", (await ClientProcess.RunAsync(Python, "-c", Script, server.Url)).Trim());
    }

    [Fact]
    public async Task A_script_subscribes_to_a_shard()
    {
        await using SubscribedServer server = await SubscribedServer.StartAsync();
        server.Put("one", "two");

        Assert.Equal("ok", (await ClientProcess.RunAsync(Python, "-c", SubscribingScript, server.Kinesis.Url, server.ConsumerArn)).Trim());
    }
}
