// A consumer with enhanced fan-out, as JavaScript users write it.
// Usage: node subscribe.mjs ENDPOINT CONSUMER_ARN
import assert from "node:assert/strict";
import { Kinesis } from "@aws-sdk/client-kinesis";

const kinesis = new Kinesis({ endpoint: process.argv[2] });
const records = [];
const subscription = await kinesis.subscribeToShard({
  ConsumerARN: process.argv[3],
  ShardId: "shardId-000000000000",
  StartingPosition: { Type: "TRIM_HORIZON" },
});
for await (const { SubscribeToShardEvent: event } of subscription.EventStream) {
  records.push(...event.Records);
  assert.ok(BigInt(event.ContinuationSequenceNumber) >= BigInt(records.at(-1).SequenceNumber));
  if (records.length === 3) break;
  await kinesis.putRecord({ StreamName: "clicks", PartitionKey: "k", Data: Buffer.from("three") });
}
assert.deepEqual(records.map((record) => Buffer.from(record.Data).toString()), ["one", "two", "three"]);
assert.equal(records[0].ApproximateArrivalTimestamp.getTime(), 1767225600000);

// Another consumer of the same shard, until the shard has ended: then the stream of events ends by itself.
const { Consumer: second } = await kinesis.registerStreamConsumer({ StreamARN: process.argv[3].split("/consumer/")[0], ConsumerName: "second" });
const untilTheEnd = await kinesis.subscribeToShard({
  ConsumerARN: second.ConsumerARN,
  ShardId: "shardId-000000000000",
  StartingPosition: { Type: "AFTER_SEQUENCE_NUMBER", SequenceNumber: records.at(-1).SequenceNumber },
});
let last;
for await (const { SubscribeToShardEvent: event } of untilTheEnd.EventStream) {
  if (!last) await kinesis.splitShard({ StreamName: "clicks", ShardToSplit: "shardId-000000000000", NewStartingHashKey: "9" });
  last = event;
}
assert.equal(last.ContinuationSequenceNumber, undefined);
assert.deepEqual(last.ChildShards.map((child) => child.ShardId), ["shardId-000000000001", "shardId-000000000002"]);
kinesis.destroy();
console.log("ok");
process.exit(0); // the first subscription itself would go on for five minutes
