'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { RuntimeError } = require('./errors.cjs');
const { isFromVersion24 } = require('./version.cjs');

const STREAMING = Symbol.for('aws.lambda.runtime.handler.streaming');

/** Finds and loads the function that a handler such as src/index.handler names. */
async function loadHandler(taskRoot, handler) {
  const slash = handler.lastIndexOf('/') + 1;
  const dot = handler.indexOf('.', slash);
  if (dot < 0 || handler.includes('..'))
    throw new RuntimeError('Runtime.MalformedHandlerName', `Handler '${handler}' does not have the form file.function.`);

  globalThis.awslambda = { streamifyResponse: streaming => Object.assign(streaming, { [STREAMING]: 'response' }) };
  const module = await loadModule(taskRoot, handler.slice(0, dot));
  const found = handler.slice(dot + 1).split('.').reduce((value, name) => value?.[name], module);
  if (typeof found !== 'function')
    throw new RuntimeError('Runtime.HandlerNotFound', `${handler} is ${found === undefined ? 'undefined or not exported' : 'not a function'}`);
  refuseWhatLambdaRefuses(handler, found);
  return found;
}

async function loadModule(taskRoot, name) {
  let found;
  try {
    const file = path.resolve(taskRoot, name);
    if (fs.existsSync(file))
      return require(file); // a folder as well, with what Node finds for it: Lambda does the same, and stops there
    found = extensions().map(extension => file + extension).find(isFile);
    if (found === undefined)
      return require(require.resolve(name, { paths: [taskRoot, path.dirname(file)] }));
    return isModule(found) ? await import(require('node:url').pathToFileURL(found).href) : require(found);
  } catch (error) {
    if (error instanceof SyntaxError)
      throw new RuntimeError('Runtime.UserCodeSyntaxError', error.toString(), placed(error, found));
    hintAtSdk(error);
    if (error?.code === 'MODULE_NOT_FOUND') // what import does not find (ERR_MODULE_NOT_FOUND) has no name of Lambda's
      throw new RuntimeError('Runtime.ImportModuleError', error.toString(), error.stack);
    throw error;
  }
}

/** Node tells the place of a syntax error in a module only when it dies of it. */
function placed(error, file) {
  if (file === undefined || !isModule(file))
    return error.stack;
  const check = require('node:child_process').spawnSync(process.execPath, ['--check', file], { encoding: 'utf8' });
  const place = /^(?:file:\/\/)?(.+:\d+)$/m.exec(check.stderr ?? '')?.[1];
  return place === undefined ? error.stack : `${place}\n${error.stack}`;
}

/** Lambda's image has the SDK, a developer's machine need not. */
function hintAtSdk(error) {
  const name = /^Cannot find (?:module|package) '(@aws-sdk\/[^'/]+|aws-sdk)/.exec(error?.message)?.[1];
  if (name !== undefined)
    console.warn(`Lambda brings '${name}', this runner does not: run 'npm install --no-save ${name}' in '${process.env.LAMBDA_TASK_ROOT}'.`);
}

/** In the order of Lambda's own runtime, which knows TypeScript since Node 24. */
function extensions() {
  const typescript = Number.parseInt(process.versions.node, 10) >= 24 ? ['.ts', '.mts', '.cts'] : [];
  return ['.js', '.mjs', '.cjs', ...typescript];
}

function isFile(file) {
  return fs.statSync(file, { throwIfNoEntry: false })?.isFile() === true;
}

function isModule(file) {
  const extension = path.extname(file);
  return extension === '.mjs' || extension === '.mts' || ((extension === '.js' || extension === '.ts') && isInModulePackage(path.dirname(file)));
}

/** The nearest package.json decides, as for Node itself. */
function isInModulePackage(folder) {
  const description = path.join(folder, 'package.json');
  if (isFile(description)) {
    try {
      return JSON.parse(fs.readFileSync(description, 'utf8')).type === 'module';
    } catch (error) {
      console.warn(`${description} cannot be read, so its files count as CommonJS: ${error.message}`);
      return false;
    }
  }
  const parent = path.dirname(folder);
  return parent !== folder && path.basename(folder) !== 'node_modules' && isInModulePackage(parent);
}

function refuseWhatLambdaRefuses(handler, found) {
  if (found[STREAMING])
    throw new RuntimeError('Runtime.StreamingNotAvailable',
      `${handler} streams its response (awslambda.streamifyResponse): an event source mapping takes buffered ones only. Return the answer as a whole.`);
  if (isFromVersion24() && found.length >= 3)
    throw new RuntimeError('Runtime.CallbackHandlerDeprecated',
      `${handler} takes a callback, which Lambda no longer supports from Node.js 24 on. Make it an async function that returns its answer.`);
}

module.exports = { loadHandler };
