'use strict';

/** A fault that Lambda has a name for. */
class RuntimeError extends Error {
  constructor(type, message, stack) {
    super(message);
    this.name = type;
    if (stack !== undefined)
      this.stack = stack;
  }
}

/** What Lambda is told about whatever was thrown, which need not be an Error. */
function errorDocument(thrown) {
  try {
    if (!isError(thrown))
      return { errorType: typeof thrown, errorMessage: String(thrown), trace: [] };
    return {
      errorType: String(thrown.name),
      errorMessage: String(thrown.message),
      trace: typeof thrown.stack === 'string' ? thrown.stack.split('\n') : [],
    };
  } catch {
    return { errorType: 'handled', errorMessage: 'What the handler threw cannot be read: its name, message or stack throws.', trace: [] };
  }
}

/** The same for the log, as JSON, with what else an error tells: its code, and whatever was assigned to it. */
function loggedError(thrown) {
  const document = errorDocument(thrown);
  if (!isError(thrown))
    return JSON.stringify(document);
  const { errorType, errorMessage, trace } = document;
  try {
    return JSON.stringify({ errorType, errorMessage, code: thrown.code, ...thrown, stack: trace });
  } catch {
    return JSON.stringify(document); // a circle, or something that throws
  }
}

/** An error as JSON logs have it. */
function documentedError(thrown) {
  const { errorMessage, trace } = errorDocument(thrown);
  return { errorType: thrown.constructor?.name ?? 'UnknownError', errorMessage, stackTrace: trace };
}

/** Errors of other realms (vm, jest) are no instances of ours. */
function isError(thrown) {
  return thrown instanceof Error || Object.prototype.toString.call(thrown) === '[object Error]';
}

module.exports = { RuntimeError, errorDocument, documentedError, loggedError, isError };
