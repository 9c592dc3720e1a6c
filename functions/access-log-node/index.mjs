import { parseLine } from './access-log-line.mjs';

// Characters of a bad line in the error; a record can be a megabyte.
const QUOTED_LENGTH_MAX = 200;

const utf8 = new TextDecoder();

/** Hits and bytes per client: what is counted lasts as long as the execution environment. */
export const traffic = new Map();

/** Counts a batch as a whole or not at all, since a batch that throws comes again. */
export const handler = async event => {
  const lines = event.Records.map(({ kinesis }) => readLine(kinesis));
  for (const { client, bytes } of lines) {
    const { hits, bytes: before } = traffic.get(client) ?? { hits: 0, bytes: 0 };
    traffic.set(client, { hits: hits + 1, bytes: before + bytes });
  }
  console.info(`Counted ${lines.length} hits.`);
};

function readLine({ sequenceNumber, data }) {
  const text = utf8.decode(Buffer.from(data, 'base64'));
  const line = parseLine(text);
  if (line === undefined)
    throw new TypeError(`Record ${sequenceNumber} is not a line of an access log in combined format: ${text.slice(0, QUOTED_LENGTH_MAX)}`);
  return line;
}
