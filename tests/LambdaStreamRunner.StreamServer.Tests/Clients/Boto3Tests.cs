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

        kinesis.split_shard(StreamName="clicks", ShardToSplit="shardId-000000000000", NewStartingHashKey="5")
        kinesis.merge_shards(StreamName="clicks", ShardToMerge="shardId-000000000002", AdjacentShardToMerge="shardId-000000000003")
        kinesis.update_shard_count(StreamName="clicks", TargetShardCount=4, ScalingType="UNIFORM_SCALING")
        # Its paginator would send the name beside the token, which Kinesis refuses.
        page = kinesis.list_shards(StreamName="clicks", MaxResults=3)
        shards = page["Shards"]
        while "NextToken" in page:
            page = kinesis.list_shards(NextToken=page["NextToken"], MaxResults=3)
            shards += page["Shards"]
        assert len(shards) == 9 and len([s for s in shards if "EndingSequenceNumber" not in s["SequenceNumberRange"]]) == 4, shards
        page = kinesis.get_records(ShardIterator=kinesis.get_shard_iterator(StreamName="clicks", ShardId="shardId-000000000000", ShardIteratorType="LATEST")["ShardIterator"])
        assert "NextShardIterator" not in page and len(page["ChildShards"]) == 2, page

        for name in ["a", "b", "c"]:
            kinesis.create_stream(StreamName=name, ShardCount=1)
        assert [n for page in kinesis.get_paginator("list_streams").paginate(PaginationConfig={"PageSize": 2}) for n in page["StreamNames"]] == ["a", "b", "c", "clicks"]
        for name in ["f1", "f2", "f3"]:
            kinesis.register_stream_consumer(StreamARN=stream["StreamARN"], ConsumerName=name)
        consumers = [c for page in kinesis.get_paginator("list_stream_consumers").paginate(StreamARN=stream["StreamARN"], PaginationConfig={"PageSize": 2}) for c in page["Consumers"]]
        assert [c["ConsumerName"] for c in consumers] == ["f1", "f2", "f3"] and {c["ConsumerStatus"] for c in consumers} == {"ACTIVE"}, consumers
        kinesis.add_tags_to_stream(StreamName="clicks", Tags={"team": "blue"})
        assert kinesis.list_tags_for_stream(StreamName="clicks")["Tags"] == [{"Key": "team", "Value": "blue"}]

        try:
            kinesis.put_record(StreamName="none", Data=b"", PartitionKey="k")
            raise AssertionError("put to a stream that does not exist")
        except kinesis.exceptions.ResourceNotFoundException as e:
            assert e.response["Error"]["Message"] == "Stream none under account 000000000000 not found.", e
        kinesis.delete_stream(StreamName="clicks", EnforceConsumerDeletion=True)
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
            pass

        consumer = kinesis.register_stream_consumer(StreamARN=sys.argv[2].split("/consumer/")[0], ConsumerName="second")["Consumer"]
        last = None
        subscription = kinesis.subscribe_to_shard(ConsumerARN=consumer["ConsumerARN"], ShardId="shardId-000000000000", StartingPosition={"Type": "AFTER_SEQUENCE_NUMBER", "SequenceNumber": records[-1]["SequenceNumber"]})
        for event in subscription["EventStream"]:
            if last is None:
                kinesis.split_shard(StreamName="clicks", ShardToSplit="shardId-000000000000", NewStartingHashKey="9")
            last = event["SubscribeToShardEvent"]
        assert last["Records"] == [] and "ContinuationSequenceNumber" not in last, last
        assert [c["ShardId"] for c in last["ChildShards"]] == ["shardId-000000000001", "shardId-000000000002"], last
        print("ok")
        """;

    public Boto3Tests()
    {
        ClientProcess.Require(Python, "python3");
        ClientProcess.Require(Boto3, "python3-boto3");
    }

    [Fact]
    public async Task A_script_creates_puts_reads_reshards_and_deletes()
    {
        await using KinesisServer server = await KinesisServer.StartAsync();

        Assert.Equal("ok", (await ClientProcess.RunAsync(Python, "-c", Script, server.Url)).Trim());
    }

    [Fact]
    public async Task A_script_subscribes_to_a_shard_until_it_ends()
    {
        await using SubscribedServer server = await SubscribedServer.StartAsync();
        server.Put("one", "two");

        Assert.Equal("ok", (await ClientProcess.RunAsync(Python, "-c", SubscribingScript, server.Kinesis.Url, server.ConsumerArn)).Trim());
    }
}
