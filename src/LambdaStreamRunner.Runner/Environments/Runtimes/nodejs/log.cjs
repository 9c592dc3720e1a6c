'use strict';

const { format } = require('node:util');
const { loggedError } = require('./errors.cjs');

// Lambda's tab format: time, request id, level, text; a carriage return stands for the end of a line within the text.

const levels = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'];
const least = Math.max(0, levels.indexOf(process.env.AWS_LAMBDA_LOG_LEVEL?.toUpperCase()));

let requestId = '';

function write(level, text) {
  process.stdout.write(`${new Date().toISOString()}\t${requestId}\t${level}\t${text.replace(/\r?\n/g, '\r')}\n`);
}

function writer(level) {
  return levels.indexOf(level) < least ? () => {} : (...values) => write(level, format(...values));
}

/** Sends what the handler says on the console to its log. */
function replaceConsole() {
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

function error(title, thrown) {
  write('ERROR', `${title}\t${loggedError(thrown)}`);
}

module.exports = { replaceConsole, belongsTo, error };
