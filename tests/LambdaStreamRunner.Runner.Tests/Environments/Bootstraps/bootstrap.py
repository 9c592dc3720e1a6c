"""A custom runtime whose behaviour the _HANDLER names: it speaks the Runtime API itself, well or badly."""
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time

API = os.environ["AWS_LAMBDA_RUNTIME_API"]
ROOT = "/2018-06-01/runtime"
connection = http.client.HTTPConnection(API)


def call(method, path, body=None, headers=None):
    connection.request(method, ROOT + path, body, headers or {})
    answer = connection.getresponse()
    return answer.status, dict(answer.getheaders()), answer.read()


def respond(request_id, body=b"null", headers=None):
    return call("POST", f"/invocation/{request_id}/response", body, headers)


def fail_init():
    call("POST", "/init/error", json.dumps({"errorType": "ImportError", "errorMessage": "No module named 'missing'", "stackTrace": []}))
    sys.exit(1)


invocations = 0


def echo(event, request_id, headers):
    names = [name for name in headers if name.startswith("Lambda-Runtime")]
    answer = {"event": json.loads(event), "headers": {name: headers[name] for name in names}, "pid": os.getpid(),
              "invocations": invocations, "variables": dict(os.environ), "folder": os.getcwd()}
    respond(request_id, json.dumps(answer))


def obey(event, request_id, headers):
    """Does what the event says: one environment, several behaviours."""
    order = json.loads(event)
    {"succeed": lambda: respond(request_id), "exit": lambda: os._exit(order["code"]), "die": lambda: os.kill(os.getpid(), signal.SIGKILL),
     "hang": lambda: (print("hanging", flush=True), time.sleep(600)), "pid": lambda: respond(request_id, str(os.getpid()))}[order["do"]]()


def exit_after(event, request_id, headers):
    respond(request_id, str(os.getpid()))
    os._exit(0)


def error(event, request_id, headers):
    body = {"errorType": "ValueError", "errorMessage": "No.", "stackTrace": ["  File \"app.py\", line 3, in handler\n"], "cause": {"errorType": "KeyError", "errorMessage": "'k'"}}
    respond_error = call("POST", f"/invocation/{request_id}/error", json.dumps(body), {"Lambda-Runtime-Function-Error-Type": "Unhandled"})
    assert respond_error[0] == 202


def twice(event, request_id, headers):
    first = respond(request_id, b'"first"')
    second = respond(request_id, b'"second"')
    print(f"{first[0]} {second[0]} {json.loads(second[2])['errorType']}", flush=True)


def unknown_id(event, request_id, headers):
    status, _, body = respond("8c0f8b9e-0000-0000-0000-000000000000")
    respond(request_id, json.dumps([status, json.loads(body)["errorType"]]))


def large(event, request_id, headers):
    status, _, body = respond(request_id, b'"' + b"x" * (7 << 20) + b'"')
    print(f"{status} {json.loads(body)['errorType']}", flush=True)


def not_json(event, request_id, headers):
    respond(request_id, b"<html>no JSON</html>")


def streaming(event, request_id, headers):
    status, _, body = respond(request_id, b"part", {"Lambda-Runtime-Function-Response-Mode": "streaming"})
    print(f"{status} {json.loads(body)['errorType']}", flush=True)


def impatient(event, request_id, headers):
    status, _, body = call("GET", "/invocation/next")
    respond(request_id, json.dumps([status, json.loads(body)["errorType"]]))


def odd_calls(event, request_id, headers):
    answers = []
    for path in ["/../2020-01-01/extension/register", "/restore/next", "/nonsense", "/invocation//response"]:
        connection.request("GET", ROOT + path)
        answer = connection.getresponse()
        answers.append([answer.status, json.loads(answer.read())["errorMessage"]])
    connection.request("GET", ROOT + "/invocation/next", headers={"Host": "evil.example"})
    answer = connection.getresponse()
    answers.append([answer.status, json.loads(answer.read())["errorType"]])
    respond(request_id, json.dumps(answers))


def hosts(event, request_id, headers):
    statuses = []
    for host in ["", "localhost", "127.0.0.1", "evil.example", "127.0.0.1.evil.example", None]:
        if host is None:
            connection._http_vsn, connection._http_vsn_str = 10, "HTTP/1.0"
        connection.putrequest("POST", ROOT + "/invocation/none/response", skip_host=True)
        if host is not None:
            connection.putheader("Host", host)
        connection.putheader("Content-Length", "0")
        connection.endheaders()
        answer = connection.getresponse()
        statuses.append([answer.status, json.loads(answer.read())["errorType"]])
    connection._http_vsn, connection._http_vsn_str = 11, "HTTP/1.1"
    respond(request_id, json.dumps(statuses))


def shout(event, request_id, headers):
    line = b"x" * 1023 + b"\n"
    for _ in range(100 * 1024):
        sys.stdout.buffer.write(line)
    sys.stdout.flush()
    respond(request_id)


def log(event, request_id, headers):
    print("plain", flush=True)
    print(f"2026-01-31T12:00:00.000Z\t{request_id}\tWARN\ttwo\rlines", flush=True)
    respond(request_id)


def fork(event, request_id, headers):
    children = [subprocess.Popen(["sleep", "600"]), subprocess.Popen(["sleep", "600"], start_new_session=True)]
    respond(request_id, json.dumps([child.pid for child in children]))


def read_no_event(order):
    """Asks for an invocation and reads the beginning of it only, until it knows its id."""
    sock = socket.create_connection(API.split(":"))
    sock.sendall(f"GET {ROOT}/invocation/next HTTP/1.1\r\nHost: {API}\r\n\r\n".encode())
    beginning = b""
    while b"\r\n\r\n" not in beginning:
        beginning += sock.recv(256)
    request_id = beginning.split(b"Lambda-Runtime-Aws-Request-Id: ")[1][:36].decode()
    if order == "answer_unread":
        respond(request_id)
    print("unread", flush=True)
    time.sleep(600)


def leak(event, request_id, headers):
    held = []
    while True:
        held.append(bytearray(os.urandom(1 << 20)))


mode = os.environ["_HANDLER"]
if mode == "fail_init":
    fail_init()
if mode == "exit_after_init":
    sock = socket.create_connection(API.split(":"))
    sock.sendall(f"GET {ROOT}/invocation/next HTTP/1.1\r\nHost: {API}\r\n\r\n".encode())
    sock.shutdown(socket.SHUT_RDWR)
    sys.exit(9)
if mode in ("answer_unread", "hang_unread"):
    read_no_event(mode)
if mode == "exit_in_init":
    sys.exit(7)
if mode == "hang_in_init":
    time.sleep(600)
if mode == "slow_second_init":
    marker = os.environ["MARKER"]
    if not os.path.exists(marker):
        open(marker, "w").close()
        time.sleep(600)
handler = globals().get(mode, obey)
while True:
    _, next_headers, next_event = call("GET", "/invocation/next")
    invocations += 1
    handler(next_event, next_headers["Lambda-Runtime-Aws-Request-Id"], next_headers)
