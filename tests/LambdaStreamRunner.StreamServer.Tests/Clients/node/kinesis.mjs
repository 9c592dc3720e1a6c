// A producer and a consumer as JavaScript users write them: @aws-sdk/client-kinesis as it comes, with its HTTP/2 handler.
// Usage: node kinesis.mjs ENDPOINT
import assert from "node:assert/strict";
import {
  Kinesis, ResourceNotFoundException, paginateListStreamConsumers, paginateListStreams, waitUntilStreamExists, waitUntilStreamNotExists,
} from "@aws-sdk/client-kinesis";

const kinesis = new Kinesis({ endpoint: process.argv[2] });
const StreamName = "clicks";

await kinesis.createStream({ StreamName, ShardCount: 2 });
await waitUntilStreamExists({ client: kinesis, maxWaitTime: 30, minDelay: 1 }, { StreamName });
const { StreamDescriptionSummary: stream } = await kinesis.describeStreamSummary({ StreamName });
assert.equal(stream.OpenShardCount, 2);
assert.equal(stream.StreamCreationTimestamp.getTime(), 1767225600000);
assert.deepEqual((await kinesis.listStreams({})).StreamNames, [StreamName]);

const everything = Uint8Array.from({ length: 256 }, (_, i) => i);
const put = await kinesis.putRecord({ StreamName, PartitionKey: "schlüssel", Data: everything });
const many = await kinesis.putRecords({
  StreamName,
  Records: Array.from({ length: 500 }, (_, i) => ({ PartitionKey: "schlüssel", Data: Buffer.from(String(i)) })),
});
assert.equal(many.FailedRecordCount, 0);

let { ShardIterator } = await kinesis.getShardIterator({ StreamName, ShardId: put.ShardId, ShardIteratorType: "TRIM_HORIZON" });
const records = [];
while (records.length < 501) {
  const page = await kinesis.getRecords({ ShardIterator, Limit: 100 });
  records.push(...page.Records);
  ShardIterator = page.NextShardIterator;
}
assert.deepEqual(records[0].Data, everything);
assert.equal(records[0].PartitionKey, "schlüssel");
assert.equal(records[0].ApproximateArrivalTimestamp.getTime(), 1767225600000);
assert.deepEqual(records.slice(1).map((record) => Buffer.from(record.Data).toString()), Array.from({ length: 500 }, (_, i) => String(i)));

await kinesis.splitShard({ StreamName, ShardToSplit: "shardId-000000000000", NewStartingHashKey: "5" });
await kinesis.mergeShards({ StreamName, ShardToMerge: "shardId-000000000002", AdjacentShardToMerge: "shardId-000000000003" });
await kinesis.updateShardCount({ StreamName, TargetShardCount: 4, ScalingType: "UNIFORM_SCALING" });
const shards = [];
for (let page = await kinesis.listShards({ StreamName, MaxResults: 2 }); ; page = await kinesis.listShards({ NextToken: page.NextToken, MaxResults: 2 })) {
  shards.push(...page.Shards);
  if (!page.NextToken) break;
}
assert.equal(shards.length, 9);
assert.equal(shards[4].AdjacentParentShardId, "shardId-000000000003");
const closed = await kinesis.getShardIterator({ StreamName, ShardId: "shardId-000000000000", ShardIteratorType: "LATEST" });
const end = await kinesis.getRecords({ ShardIterator: closed.ShardIterator });
assert.equal(end.NextShardIterator, undefined);
assert.deepEqual(end.ChildShards.map((child) => child.ParentShards), [["shardId-000000000000"], ["shardId-000000000000"]]);

for (const name of ["a", "b"]) await kinesis.createStream({ StreamName: name, ShardCount: 1 });
const names = [];
for await (const page of paginateListStreams({ client: kinesis, pageSize: 2 }, {})) names.push(...page.StreamNames);
assert.deepEqual(names, ["a", "b", StreamName]);
for (const ConsumerName of ["f1", "f2", "f3"]) await kinesis.registerStreamConsumer({ StreamARN: stream.StreamARN, ConsumerName });
const consumers = [];
for await (const page of paginateListStreamConsumers({ client: kinesis, pageSize: 2 }, { StreamARN: stream.StreamARN })) consumers.push(...page.Consumers);
assert.deepEqual(consumers.map((consumer) => consumer.ConsumerName), ["f1", "f2", "f3"]);

await assert.rejects(kinesis.describeStream({ StreamName: "none" }), (error) => {
  assert.ok(error instanceof ResourceNotFoundException);
  assert.equal(error.message, "Stream none under account 000000000000 not found.");
  return true;
});
await kinesis.deleteStream({ StreamName, EnforceConsumerDeletion: true });
await waitUntilStreamNotExists({ client: kinesis, maxWaitTime: 30, minDelay: 1 }, { StreamName });
kinesis.destroy();
console.log("ok");
