'use strict';

// A handler that misbehaves once, by a marker that outlives its process, and does its work afterwards.

const fs = require('node:fs');
const path = require('node:path');
const { spawn } = require('node:child_process');

const { FAULT, MARKERS, AWS_LAMBDA_FUNCTION_NAME } = process.env;

function isFirstTime() {
  try {
    fs.closeSync(fs.openSync(path.join(MARKERS, AWS_LAMBDA_FUNCTION_NAME), 'wx'));
    return true;
  } catch {
    return false;
  }
}

function raise() {
  throw new RangeError('Not the first time.');
}

function spin() {
  for (;;);
}

const forever = () => new Promise(() => setInterval(() => {}, 1000));

function shout() {
  const lines = `${'x'.repeat(1023)}\n`.repeat(64);
  for (let i = 0; i < 1600; i++)
    process.stdout.write(lines);
}

function leak() {
  for (const held = []; ;)
    held.push(Buffer.alloc(1 << 20, 1));
}

function fork() {
  spawn('sleep', ['600']);
  spawn('sleep', ['600'], { detached: true });
  process.exit(1);
}

const inImport = { 'throws at import': raise, 'exits at import': () => process.exit(5), 'hangs at import': spin };
const inHandler = {
  'throws': raise,
  'throws afterwards': () => (setImmediate(raise), forever()),
  'rejects': () => (Promise.reject(new RangeError('Nobody listens.')), forever()),
  'exits': () => process.exit(3),
  'is killed': () => (process.kill(process.pid, 'SIGKILL'), forever()),
  'hangs': forever,
  'spins': spin,
  'writes 100 MB': shout,
  'answers twice': (_, callback) => (callback(null, 1), callback(null, 2)),
  'answers 7 MB': () => Promise.resolve('x'.repeat(7 << 20)),
  'answers no JSON': () => Promise.resolve(1n),
  'leaks': leak,
  'forks and exits': fork,
};

if (inImport[FAULT] && isFirstTime())
  inImport[FAULT]();

exports.handler = FAULT === 'waits for nothing' ? async () => (isFirstTime() ? new Promise(() => {}) : null) : (event, context, callback) => {
  if (inHandler[FAULT] && isFirstTime())
    return inHandler[FAULT](event, callback);
  callback(null, null);
};
