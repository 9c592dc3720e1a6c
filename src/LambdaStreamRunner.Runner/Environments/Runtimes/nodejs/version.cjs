'use strict';

const runtime = /^AWS_Lambda_nodejs(\d+)/.exec(process.env.AWS_EXECUTION_ENV ?? '');

/** True for runtimes from nodejs24.x on, which know no callbacks and take what a handler returns as it is. */
function isFromVersion24() {
  return runtime !== null && Number(runtime[1]) >= 24;
}

module.exports = { isFromVersion24 };
