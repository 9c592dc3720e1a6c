"""Lambda's Runtime API."""

import json
import re
import socket

ROOT = "/2018-06-01/runtime"
HEAD_END = b"\r\n\r\n"
RECEIVE_BYTES = 1 << 16
TRIES_MAX = 3


class RunnerGone(SystemExit):
    """Nobody is there any more to run for."""

    def __init__(self):
        super().__init__(1)


class Answer:
    """What the runner said."""

    __slots__ = ("status", "headers", "body")

    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body


class RuntimeApi:
    """One connection: an answer and the question for the next invocation leave together, which halves their cost.

    The runner answers in order, each time with a Content-Length.
    """

    def __init__(self, address):
        self._address = address
        self._next = f"GET {ROOT}/invocation/next HTTP/1.1\r\nHost: {address}\r\n\r\n".encode()
        self._socket = None
        self._received = bytearray()

    def next(self):
        """Waits for an invocation."""
        return self._ask([self._next])[0]

    def respond_and_next(self, request_id, answer):
        """Answers an invocation with these bytes, and waits for the next one."""
        return self._answer_and_next(f"/invocation/{request_id}/response", answer)

    def fail_and_next(self, request_id, error):
        """Answers an invocation with an error, and waits for the next one."""
        return self._answer_and_next(f"/invocation/{request_id}/error", document(error), error["errorType"])

    def fail_init(self, error):
        """The handler cannot be run; this process ends."""
        self._ask([self._post("/init/error", document(error), error["errorType"])])

    def _answer_and_next(self, path, body, error_type=None):
        answer, invocation = self._ask([self._post(path, body, error_type), self._next])
        if answer.status >= 400:
            print(f"The answer was refused: {answer.body.decode()}", flush=True)
        return invocation

    def _post(self, path, body, error_type=None):
        # A type is the name of a class, but nothing keeps people from line ends in a name.
        header = f"Lambda-Runtime-Function-Error-Type: {re.sub('[^ -~]', '?', error_type)}\r\n" if error_type else ""
        return (
            f"POST {ROOT}{path} HTTP/1.1\r\nHost: {self._address}\r\nContent-Type: application/json\r\n"
            f"{header}Content-Length: {len(body)}\r\n\r\n"
        ).encode() + body

    def _ask(self, requests):
        """Says what was not answered again when the connection breaks: an answer that counts already is refused, without harm."""
        answers = []
        for _ in range(TRIES_MAX):
            try:
                if self._socket is None:
                    self._connect()
                self._socket.sendall(b"".join(requests[len(answers):]))
                while len(answers) < len(requests):
                    answers.append(self._receive())
                if requests[-1] is self._next and answers[-1].status != 200:
                    raise RuntimeError(f"The Runtime API gives no invocation: {answers[-1].body.decode()}")
                return answers
            except OSError:
                self._socket = None
        raise RunnerGone()

    def _connect(self):
        host, _, port = self._address.rpartition(":")
        self._received.clear()
        self._socket = socket.create_connection((host, int(port)))
        self._socket.settimeout(None)  # a handler's socket.setdefaulttimeout is not meant for us, who wait for hours
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def _receive(self):
        while (head_length := self._received.find(HEAD_END)) < 0:
            self._read()
        first, *lines = self._received[:head_length].decode("latin-1").split("\r\n")
        headers = {}
        for line in lines:
            name, _, value = line.partition(":")
            headers[name.lower()] = value.strip()
        start = head_length + len(HEAD_END)
        end = start + int(headers.get("content-length", 0))
        while len(self._received) < end:
            self._read()
        body = bytes(self._received[start:end])
        del self._received[:end]
        return Answer(int(first.split(" ")[1]), headers, body)

    def _read(self):
        part = self._socket.recv(RECEIVE_BYTES)
        if not part:
            raise ConnectionResetError()
        self._received += part


def document(error):
    """An error as the API takes it."""
    return json.dumps(error).encode()
