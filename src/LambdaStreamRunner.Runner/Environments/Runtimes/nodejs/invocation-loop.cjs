'use strict';

const { errorDocument, RuntimeError } = require('./errors.cjs');
const { isFromVersion24 } = require('./version.cjs');
const log = require('./log.cjs');

// What ends an invocation whose handler waits for nothing any more: the event loop is empty.
let whenIdle = () => {};
process.on('beforeExit', () => whenIdle());

const aboutFunction = {
  functionVersion: process.env.AWS_LAMBDA_FUNCTION_VERSION,
  functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
  memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
  logGroupName: process.env.AWS_LAMBDA_LOG_GROUP_NAME,
  logStreamName: process.env.AWS_LAMBDA_LOG_STREAM_NAME,
};

const invoke = isFromVersion24() ? invokeFromVersion24 : invokeUpToVersion22;

/** One invocation after the other. */
class InvocationLoop {
  #api;

  /** The invocation that runs, or ran last; undefined before the first. */
  requestId;

  constructor(api) {
    this.#api = api;
  }

  async run(handler) {
    let invocation = await this.#api.next();
    for (;;) {
      const requestId = (this.requestId = invocation.headers['lambda-runtime-aws-request-id']);
      log.belongsTo(requestId);
      showTrace(invocation.headers['lambda-runtime-trace-id']);
      this.#api.letGo();
      try {
        const answer = toJson(await invoke(handler, invocation));
        invocation = await this.#api.respondAndNext(requestId, answer);
      } catch (failed) {
        if (!(failed instanceof Failed))
          throw failed;
        log.error('Invoke Error', failed.thrown);
        invocation = await this.#api.failAndNext(requestId, errorDocument(failed.thrown));
      }
    }
  }
}

/** Tells what the handler threw, which may be anything, from faults of the runtime. */
class Failed {
  constructor(thrown) {
    this.thrown = thrown;
  }
}

/** What the handler returns, or promises. When nothing can settle its promise any more, Node ends the process. */
async function invokeFromVersion24(handler, { headers, body }) {
  whenIdle = () => {};
  try {
    return await handler(JSON.parse(body), contextOf(headers));
  } catch (thrown) {
    throw new Failed(thrown);
  }
}

/** Calls the handler; the promise settles with the first answer that it gives in any of Lambda's ways. */
function invokeUpToVersion22(handler, { headers, body }) {
  return new Promise((resolve, reject) => {
    const fail = thrown => reject(new Failed(thrown));
    const end = endings(resolve, fail);
    try {
      whenIdle = handler.constructor.name === 'AsyncFunction' ? () => fail(neverSettled()) : () => resolve(null);
      const returned = handler(JSON.parse(body), Object.assign(contextWith(end), contextOf(headers)), end.callback);
      if (typeof returned?.then === 'function')
        returned.then(end.succeed, thrown => end.fail(thrown));
    } catch (thrown) {
      end.callback(thrown ?? new Error('The handler threw nothing.'));
    }
  });
}

/** The ways a handler may answer: the first counts, all others are without effect. */
function endings(resolve, fail) {
  let isOver = false;
  const first = action => (...values) => {
    if (!isOver) {
      isOver = true;
      action(...values);
    }
  };
  const end = {
    waitsForEmptyEventLoop: true,
    callback: first((thrown, result) => {
      if (thrown !== undefined && thrown !== null)
        fail(thrown);
      else if (end.waitsForEmptyEventLoop)
        whenIdle = () => resolve(result);
      else
        resolve(result);
    }),
    done: first((thrown, result) => (thrown === undefined || thrown === null ? resolve(result) : fail(thrown))),
    succeed: first(result => resolve(result)),
    fail: first(thrown => fail(thrown ?? 'handled')),
  };
  return end;
}

function contextWith(end) {
  return {
    get callbackWaitsForEmptyEventLoop() {
      return end.waitsForEmptyEventLoop;
    },
    set callbackWaitsForEmptyEventLoop(value) {
      end.waitsForEmptyEventLoop = value;
    },
    succeed: end.succeed,
    fail: end.fail,
    done: end.done,
  };
}

function contextOf(headers) {
  const deadline = Number(headers['lambda-runtime-deadline-ms']);
  return {
    ...aboutFunction,
    clientContext: parsed(headers['lambda-runtime-client-context']),
    identity: parsed(headers['lambda-runtime-cognito-identity']),
    invokedFunctionArn: headers['lambda-runtime-invoked-function-arn'],
    awsRequestId: headers['lambda-runtime-aws-request-id'],
    tenantId: headers['lambda-runtime-aws-tenant-id'],
    getRemainingTimeInMillis: () => deadline - Date.now(),
  };
}

function parsed(json) {
  return json === undefined ? undefined : JSON.parse(json);
}

function showTrace(id) {
  if (id)
    process.env._X_AMZN_TRACE_ID = id;
  else
    delete process.env._X_AMZN_TRACE_ID;
}

function toJson(answer) {
  let json;
  try {
    json = JSON.stringify(answer === undefined ? null : answer);
  } catch (thrown) {
    throw new Failed(notJson(thrown?.message));
  }
  if (json === undefined)
    throw new Failed(notJson(`it is a ${typeof answer}.`));
  return json;
}

function notJson(reason) {
  return new RuntimeError(isFromVersion24() ? 'Runtime.JSONStringifyError' : 'Error', `The answer cannot be written as JSON: ${reason}`);
}

function neverSettled() {
  return new RuntimeError('Runtime.NodeJsExit', 'The handler waits for a promise that nothing can settle any more: the event loop is empty.');
}

module.exports = { InvocationLoop };
