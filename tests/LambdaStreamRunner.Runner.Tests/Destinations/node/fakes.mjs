// A queue "failed", a topic "failed" that a queue "heard" subscribes to, and a bucket "failed", on free ports of the loopback.
// Prints where they are, and ends with its standard input.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRequire } from 'node:module';
import { buildApp } from 'fauxqs';

const S3rver = createRequire(import.meta.url)('s3rver');
const folder = mkdtempSync(join(tmpdir(), 'buckets-'));

const messages = buildApp({ logger: false });
const address = await messages.listen({ port: 0, host: '127.0.0.1' });
const buckets = new S3rver({ port: 0, address: '127.0.0.1', silent: true, directory: folder, configureBuckets: [{ name: 'failed' }] });
const { port } = await buckets.run();

async function sqs(action, body) {
  const response = await fetch(address, {
    method: 'POST',
    headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': `AmazonSQS.${action}` },
    body: JSON.stringify(body),
  });
  return response.json();
}

async function sns(form) {
  await fetch(address, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', authorization: 'AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/sns/aws4_request' },
    body: new URLSearchParams({ Version: '2010-03-31', ...form }),
  });
}

const failed = await sqs('CreateQueue', { QueueName: 'failed' });
const heard = await sqs('CreateQueue', { QueueName: 'heard' });
await sns({ Action: 'CreateTopic', Name: 'failed' });
await sns({ Action: 'Subscribe', TopicArn: 'arn:aws:sns:us-east-1:000000000000:failed', Protocol: 'sqs', Endpoint: 'arn:aws:sqs:us-east-1:000000000000:heard' });

console.log(JSON.stringify({
  messages: address,
  buckets: `http://127.0.0.1:${port}`,
  queues: { failed: failed.QueueUrl, heard: heard.QueueUrl },
}));
process.stdin.resume().on('end', async () => {
  await messages.close();
  await buckets.close();
  rmSync(folder, { recursive: true, force: true });
  process.exit(0);
});
