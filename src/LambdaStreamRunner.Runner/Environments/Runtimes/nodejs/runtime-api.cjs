'use strict';

const net = require('node:net');

const ROOT = '/2018-06-01/runtime';
const HEAD_END = '\r\n\r\n';
const TRIES_MAX = 3;
const RECEIVE_BYTES = 1 << 16;

/**
 * Lambda's Runtime API over one connection of our own: an answer and the question for the next invocation leave
 * together, which halves the cost of an invocation. The runner answers in order, each time with a Content-Length.
 */
class RuntimeApi {
  #address;
  #next;
  #socket;
  #waiting = []; // requests without an answer, in their order
  #received = Buffer.allocUnsafeSlow(RECEIVE_BYTES); // used again and again: new memory costs more than what is read into it
  #receivedLength = 0;
  #wantedLength = 0; // bytes until it is worth looking again
  #isEnding = false;

  constructor(address) {
    this.#address = address;
    this.#next = `GET ${ROOT}/invocation/next HTTP/1.1\r\nHost: ${address}${HEAD_END}`;
    this.#connect();
  }

  /** True while this process waits for work, and no answer can be given. */
  get isIdle() {
    return this.#waiting.some(request => request.text === this.#next);
  }

  /** From now on the event loop may end though the connection is open: the handler has the word. */
  letGo() {
    this.#socket?.unref();
  }

  /** Waits for an invocation. */
  next() {
    return new Promise((resolve, reject) => this.#send({ text: this.#next, take: invocationInto(resolve, reject), tries: 0 }));
  }

  /** Answers an invocation, and waits for the next one. */
  respondAndNext(requestId, json) {
    return this.#answerAndNext(this.#post(`/invocation/${requestId}/response`, json, ''));
  }

  /** Answers an invocation with an error, and waits for the next one. */
  failAndNext(requestId, error) {
    return this.#answerAndNext(this.#post(`/invocation/${requestId}/error`, JSON.stringify(error), typeHeader(error)));
  }

  /** Answers an invocation with an error, the last that this process has to say. */
  fail(requestId, error) {
    return this.#end(this.#post(`/invocation/${requestId}/error`, JSON.stringify(error), typeHeader(error)));
  }

  /** The handler cannot be run: the last that this process has to say. */
  failInit(error) {
    return this.#end(this.#post('/init/error', JSON.stringify(error), typeHeader(error)));
  }

  #answerAndNext(text) {
    return new Promise((resolve, reject) => {
      if (!this.#isEnding)
        this.#send({ text, take: warnIfRefused, tries: 0 }, { text: this.#next, take: invocationInto(resolve, reject), tries: 0 });
    });
  }

  #end(text) {
    this.#isEnding = true;
    return new Promise(resolve => this.#send({ text, take: resolve, tries: 0 }));
  }

  #post(path, json, headers) {
    return `POST ${ROOT}${path} HTTP/1.1\r\nHost: ${this.#address}\r\nContent-Type: application/json\r\n${headers}`
      + `Content-Length: ${Buffer.byteLength(json)}${HEAD_END}${json}`;
  }

  #send(...requests) {
    if (this.#socket === undefined)
      this.#connect();
    this.#waiting.push(...requests);
    this.#socket.ref();
    this.#socket.write(requests.map(request => request.text).join(''));
  }

  #connect() {
    const colon = this.#address.lastIndexOf(':');
    this.#receivedLength = this.#wantedLength = 0;
    this.#socket = net.connect({
      port: Number(this.#address.slice(colon + 1)),
      host: this.#address.slice(0, colon),
      noDelay: true,
      onread: { buffer: () => this.#room(), callback: length => this.#take(length) },
    });
    this.#socket.on('error', () => {}); // 'close' follows
    this.#socket.on('close', () => this.#lost());
  }

  // Servers close connections that were silent for long. What was not answered is said again: an answer that counts
  // already is refused, and that does no harm. Nobody there at all: the runner is gone, and so should this process be.
  #lost() {
    this.#socket = undefined;
    const again = this.#waiting.splice(0);
    if (again.some(request => ++request.tries === TRIES_MAX))
      process.exit(1);
    if (again.length > 0)
      this.#send(...again);
  }

  /** Where the next bytes go: behind those that are there. */
  #room() {
    const wanted = Math.max(this.#wantedLength, this.#receivedLength + 1);
    if (wanted > this.#received.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(wanted, 2 * this.#received.length));
      this.#received.copy(larger, 0, 0, this.#receivedLength);
      this.#received = larger;
    }
    return this.#received.subarray(this.#receivedLength);
  }

  #take(length) {
    this.#receivedLength += length;
    while (this.#receivedLength > 0 && this.#receivedLength >= this.#wantedLength) {
      const all = this.#received.subarray(0, this.#receivedLength);
      const headLength = all.indexOf(HEAD_END);
      if (headLength < 0)
        return;
      const answer = readHead(all.latin1Slice(0, headLength));
      const bodyStart = headLength + HEAD_END.length;
      this.#wantedLength = bodyStart + Number(answer.headers['content-length'] ?? 0);
      if (all.length < this.#wantedLength)
        return;
      answer.body = all.utf8Slice(bodyStart, this.#wantedLength);
      this.#received.copyWithin(0, this.#wantedLength, this.#receivedLength);
      this.#receivedLength -= this.#wantedLength;
      this.#wantedLength = 0;
      this.#waiting.shift()?.take(answer);
    }
    return true; // go on reading
  }
}

function readHead(text) {
  const lines = text.split('\r\n');
  const headers = {};
  for (let i = 1; i < lines.length; i++) {
    const colon = lines[i].indexOf(':');
    headers[lines[i].slice(0, colon).toLowerCase()] = lines[i].slice(colon + 1).trim();
  }
  return { status: Number(lines[0].split(' ')[1]), headers, body: '' };
}

function typeHeader(error) {
  // A type is the name of a class, but nothing keeps people from line ends in a name.
  return `Lambda-Runtime-Function-Error-Type: ${error.errorType.replace(/[^\x20-\x7e]/g, '?')}\r\n`;
}

function invocationInto(resolve, reject) {
  return answer => (answer.status === 200 ? resolve(answer) : reject(new Error(`The Runtime API gives no invocation: ${answer.body}`)));
}

function warnIfRefused(answer) {
  if (answer.status >= 400)
    console.error(`The answer was refused: ${answer.body}`);
}

module.exports = { RuntimeApi };
