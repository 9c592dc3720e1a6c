// Mappings and functions as JavaScript users handle them: @aws-sdk/client-lambda as it comes.
// Usage: node lambda.mjs ENDPOINT STREAM_ARN FUNCTION
import assert from "node:assert/strict";
import { Lambda, ResourceNotFoundException, ResourceConflictException, paginateListEventSourceMappings } from "@aws-sdk/client-lambda";

const lambda = new Lambda({ endpoint: process.argv[2] });
const [EventSourceArn, FunctionName] = process.argv.slice(3);

const atRest = async UUID => {
  for (;;) {
    const mapping = await lambda.getEventSourceMapping({ UUID });
    if (["Enabled", "Disabled"].includes(mapping.State)) return mapping;
  }
};

const created = await lambda.createEventSourceMapping({
  EventSourceArn, FunctionName, StartingPosition: "AT_TIMESTAMP", StartingPositionTimestamp: new Date(1700000000500),
  BatchSize: 10, FunctionResponseTypes: ["ReportBatchItemFailures"], Tags: { team: "blue" },
});
assert.equal(created.State, "Creating");
assert.equal(created.StartingPositionTimestamp.getTime(), 1700000000000);
assert.ok(Math.abs(created.LastModified - Date.now()) < 60_000);
const { UUID } = created;
await atRest(UUID);
await assert.rejects(lambda.createEventSourceMapping({ EventSourceArn, FunctionName, StartingPosition: "LATEST" }), ResourceConflictException);

await lambda.updateEventSourceMapping({ UUID, BatchSize: 20, ParallelizationFactor: 10, Enabled: false });
const mapping = await atRest(UUID);
assert.deepEqual([mapping.State, mapping.BatchSize, mapping.ParallelizationFactor], ["Disabled", 20, 10]);

const listed = [];
for await (const page of paginateListEventSourceMappings({ client: lambda, pageSize: 1 }, { FunctionName })) listed.push(...page.EventSourceMappings);
assert.deepEqual(listed.map(one => one.UUID), [UUID]);

const Resource = created.EventSourceMappingArn;
await lambda.tagResource({ Resource, Tags: { stage: "test" } });
await lambda.untagResource({ Resource, TagKeys: ["team"] });
assert.deepEqual((await lambda.listTags({ Resource })).Tags, { stage: "test" });

assert.equal((await lambda.getFunctionConfiguration({ FunctionName })).FunctionName, FunctionName);
assert.ok((await lambda.listFunctions({})).Functions.some(one => one.FunctionName === FunctionName));
const answer = await lambda.invoke({ FunctionName: "Echo", Payload: JSON.stringify({ name: "Ada" }), LogType: "Tail" });
assert.equal(JSON.parse(new TextDecoder().decode(answer.Payload)), "hello Ada");
assert.ok(Buffer.from(answer.LogResult, "base64").toString().startsWith("START RequestId: "));
assert.equal((await lambda.invoke({ FunctionName: "Echo", Payload: JSON.stringify({ name: "nobody" }) })).FunctionError, "Unhandled");
assert.equal((await lambda.invoke({ FunctionName: "Echo", InvocationType: "DryRun" })).StatusCode, 204);

assert.equal((await lambda.deleteEventSourceMapping({ UUID })).State, "Deleting");
await assert.rejects(async () => { for (;;) await lambda.getEventSourceMapping({ UUID }); }, ResourceNotFoundException);
await assert.rejects(lambda.updateEventSourceMapping({ UUID, BatchSize: 0 }), error => error.name === "ValidationException" && /'batchSize'/.test(error.message));
console.log("ok");
