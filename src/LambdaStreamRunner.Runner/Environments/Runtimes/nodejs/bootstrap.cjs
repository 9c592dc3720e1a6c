'use strict';

// Runs one JavaScript handler in one execution environment, over Lambda's Runtime API.
// It is CommonJS, because Node starts that faster; the handler may be either.

const { RuntimeApi } = require('./runtime-api.cjs');
const { InvocationLoop } = require('./invocation-loop.cjs');
const { loadHandler } = require('./handler.cjs');
const { errorDocument, RuntimeError } = require('./errors.cjs');
const { isFromVersion24 } = require('./version.cjs');
const log = require('./log.cjs');

// Exit codes of Lambda's own runtime, and Node's own for a module that waits for ever.
const EXIT_UNHANDLED = 128;
const EXIT_UNCAUGHT = 129;
const EXIT_UNSETTLED = 13;

const api = new RuntimeApi(process.env.AWS_LAMBDA_RUNTIME_API);
const loop = new InvocationLoop(api);
let isEnding = false;

// What nobody caught belongs to the invocation that runs; before the first one, to the initialization.
function end(title, error, code) {
  log.error(title, error);
  if (isEnding)
    return;
  isEnding = true;
  if (api.isIdle)
    process.exit(code); // no invocation could be blamed
  const document = errorDocument(error);
  const told = loop.requestId === undefined ? api.failInit(document) : api.fail(loop.requestId, document);
  told.then(() => process.exit(code));
}

function neverLoaded() {
  end('Init Error', new RuntimeError('Runtime.NodeJsExit', 'The module waits for a promise that nothing can settle any more: the event loop is empty.'), EXIT_UNSETTLED);
}

// From version 24 on Lambda leaves to Node what nobody caught: it prints it, and ends.
if (!isFromVersion24()) {
  process.on('uncaughtException', error => end('Uncaught Exception', error, EXIT_UNCAUGHT));
  process.on('unhandledRejection', reason =>
    end('Unhandled Promise Rejection', new RuntimeError('Runtime.UnhandledPromiseRejection', String(reason), reason?.stack), EXIT_UNHANDLED));
}
process.on('beforeExit', neverLoaded);

log.replaceConsole();
api.letGo();
loadHandler(process.env.LAMBDA_TASK_ROOT, process.env._HANDLER)
  .then(handler => {
    process.off('beforeExit', neverLoaded);
    return loop.run(handler);
  })
  .catch(error => (isFromVersion24() ? end('Init Error', error, 1) : end('Uncaught Exception', error, EXIT_UNCAUGHT)));
