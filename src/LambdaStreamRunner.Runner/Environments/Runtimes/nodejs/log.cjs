'use strict';

const { format } = require('node:util');
const { loggedError, documentedError, isError } = require('./errors.cjs');

// Lambda's tab format: time, request id, level, text; a carriage return stands for the end of a line within the text.
// Or its JSON: one object a line, with what was said as its message.

const levels = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'];
const least = Math.max(0, levels.indexOf(process.env.AWS_LAMBDA_LOG_LEVEL?.toUpperCase()));
const lineOf = process.env.AWS_LAMBDA_LOG_FORMAT?.toUpperCase() === 'JSON' ? jsonLine : textLine;

let requestId = '';

/** Sends what the handler says on the console to its log. */
function replaceConsole() {
  // Node writes to pipes when it finds the time. A process that is ended, or ends itself, would take its last lines with it.
  for (const stream of [process.stdout, process.stderr])
    stream._handle?.setBlocking?.(true);
  console.trace = writer('TRACE');
  console.debug = writer('DEBUG');
  console.info = console.log = writer('INFO');
  console.warn = writer('WARN');
  console.error = writer('ERROR');
  console.fatal = writer('FATAL');
}

/** From here on lines belong to this invocation, until there is another: also what the handler left running. */
function belongsTo(id) {
  requestId = id;
}

/** What went wrong, as Lambda's own runtime logs it. */
function error(title, thrown) {
  if (lineOf === jsonLine)
    writer('ERROR')(isError(thrown) ? thrown : new Error(String(thrown)));
  else
    writer('ERROR')(`${title}\t${loggedError(thrown)}`);
}

function writer(level) {
  return levels.indexOf(level) < least ? () => {} : (...values) => process.stdout.write(`${lineOf(level, values)}\n`);
}

function textLine(level, values) {
  return `${new Date().toISOString()}\t${requestId}\t${level}\t${format(...values).replace(/\r?\n/g, '\r')}`;
}

/** A lone value stays what it is; several make a text, with the first error among them beside it. */
function jsonLine(level, values) {
  const line = { timestamp: new Date().toISOString(), level, requestId: requestId || undefined };
  if (values.length === 1) {
    try {
      return JSON.stringify({ ...line, message: values[0] }, (_, value) => (isError(value) ? { ...documentedError(value), ...value } : value));
    } catch {
      // a circle, or something that throws
    }
  }
  const thrown = values.length > 1 ? values.find(isError) : undefined;
  return JSON.stringify({ ...line, message: format(...values), ...(thrown && documentedError(thrown)) });
}

module.exports = { replaceConsole, belongsTo, error };
