import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { handler, traffic } from './index.mjs';
import { parseLine } from './access-log-line.mjs';

const hit = (client, bytes) => `${client} - - [31/Jan/2026:09:08:07 +0000] "GET / HTTP/1.1" 200 ${bytes} "-" "curl/8.9.1"`;

const eventOf = (...lines) => ({
  Records: lines.map((line, index) => ({ kinesis: { sequenceNumber: String(index + 1), data: Buffer.from(line).toString('base64') } })),
});

beforeEach(() => traffic.clear());

test('hits and bytes are counted per client', async () => {
  await handler(eventOf(hit('192.0.2.7', 100), hit('192.0.2.8', 5), hit('192.0.2.7', '-')));
  await handler(eventOf(hit('192.0.2.7', 20)));

  assert.deepEqual(Object.fromEntries(traffic), { '192.0.2.7': { hits: 3, bytes: 120 }, '192.0.2.8': { hits: 1, bytes: 5 } });
});

test('a batch with a broken line counts nothing, and names the record', async () => {
  const broken = hit('192.0.2.7', 100).slice(0, 60);

  await assert.rejects(handler(eventOf(hit('192.0.2.7', 100), broken)), /^TypeError: Record 2 is not a line/);

  assert.equal(traffic.size, 0);
});

test('a line is read field by field', () => {
  assert.deepEqual(parseLine('192.0.2.7 - anna [31/Jan/2026:09:08:07 +0100] "GET /a?b=c HTTP/1.1" 200 1234 "https://example.com/" "curl/8.9.1"'), {
    client: '192.0.2.7', time: new Date('2026-01-31T08:08:07Z'), request: 'GET /a?b=c HTTP/1.1', status: 200, bytes: 1234,
  });
});
