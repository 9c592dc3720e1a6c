// A line of Apache's combined format. Quotes inside a quoted field are escaped with a backslash.
const COMBINED_FORMAT = new RegExp([
  /^(?<client>[^ ]+) [^ ]+ [^ ]+/,
  / \[(?<time>[^\]]+)\]/,
  / "(?<request>(?:[^"\\]|\\[^\n])*)"/,
  / (?<status>[1-5][0-9]{2})/,
  / (?<bytes>[0-9]+|-)/,
  / "(?:[^"\\]|\\[^\n])*"/,
  / "(?:[^"\\]|\\[^\n])*"$/,
].map(part => part.source).join(''));

const TIME = /^([0-9]{2})\/([a-z]{3})\/([0-9]{4}):([0-9]{2}):([0-9]{2}):([0-9]{2}) ([+-])(?:([0-9]{2}):?|([0-9]):)([0-9]{2})$/i;
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const OFFSET_MINUTES_MAX = 14 * 60;
const BYTES_MAX = 2n ** 63n - 1n;

/** Client, time, request, status and bytes of a line; undefined unless it has exactly the nine fields of the format. */
export function parseLine(text) {
  const fields = COMBINED_FORMAT.exec(text)?.groups;
  const time = fields && parseTime(fields.time);
  if (time === undefined)
    return undefined;
  const bytes = BigInt(fields.bytes === '-' ? 0 : fields.bytes);
  if (bytes > BYTES_MAX)
    return undefined;
  return { client: fields.client, time, request: fields.request, status: Number(fields.status), bytes: Number(bytes) };
}

/** Such as 31/Jan/2026:09:08:07 +0100; undefined when the calendar has no such day, or the clock no such time. */
function parseTime(text) {
  const match = TIME.exec(text);
  if (match === null)
    return undefined;
  const [day, , year, hour, minute, second] = match.slice(1, 7).map(Number);
  const month = MONTHS.indexOf(match[2].toLowerCase());
  const offset = Number(match[8] ?? match[9]) * 60 + Number(match[10]);

  const time = new Date(0);
  time.setUTCFullYear(year, month, day);
  const isDay = year >= 1 && month >= 0 && time.getUTCMonth() === month && time.getUTCDate() === day;
  if (!isDay || hour > 23 || minute > 59 || second > 59 || Number(match[10]) > 59 || offset > OFFSET_MINUTES_MAX)
    return undefined;
  time.setUTCHours(hour, minute - (match[7] === '-' ? -offset : offset), second);
  return time.getUTCFullYear() >= 1 && time.getUTCFullYear() <= 9999 ? time : undefined;
}
