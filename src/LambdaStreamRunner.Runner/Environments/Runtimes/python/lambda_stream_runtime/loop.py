"""One invocation after the other."""

import json
import os
import re
import sys

from . import handler as handlers
from . import log
from .api import RuntimeApi
from .context import LambdaContext

# Up to Python 3.11, Lambda's answers have escapes for what is not ASCII; they count for the limit of 6 MB.
ENSURE_ASCII = os.environ.get("AWS_EXECUTION_ENV") in {f"AWS_Lambda_python3.{minor}" for minor in range(6, 12)}

# What nobody returns: the beginning of a text that becomes a number.
MARK = os.urandom(16).hex()
DIGITS = re.compile(f'"{MARK}([^"]*)"')


def run(address, handler_name):
    """Runs until the runner ends this process."""
    api = RuntimeApi(address)
    log.set_up()
    try:
        handler = handlers.load(handler_name)
    except Exception as error:
        document = document_of(error, "")
        log.error(document)
        hint_at_sdk(document["errorMessage"])
        log.flush()
        api.fail_init(document)
        sys.exit(1)

    invocation = api.next()
    while True:
        invocation = answer(api, handler, invocation)


def hint_at_sdk(message):
    """Lambda's image has the SDK, a developer's machine need not."""
    for name in ("boto3", "botocore"):
        if f"No module named '{name}" in message:
            print(f"Lambda brings '{name}', this runner does not: run '{sys.executable} -m pip install {name}'.")


def answer(api, handler, invocation):
    """Calls the handler, and returns the next invocation. SystemExit is no error: it ends the process, as on Lambda."""
    request_id = invocation.headers["lambda-runtime-aws-request-id"]
    log.belongs_to(request_id)
    show_trace(invocation.headers.get("lambda-runtime-trace-id"))
    try:
        returned = handler(event_of(invocation.body), LambdaContext(invocation.headers))
        body = body_of(returned)
    except Exception as error:
        document = document_of(error, request_id)
        log.error(document)
        log.flush()
        return api.fail_and_next(request_id, document)
    log.flush()
    return api.respond_and_next(request_id, body)


def event_of(body):
    """The event as Python has it."""
    try:
        return json.loads(body)
    except ValueError as error:
        raise handlers.Fault("Runtime.UnmarshalError", f"Unable to unmarshal input: {error}") from error


def body_of(returned):
    """What the handler returned as JSON, and NaN as Python writes it; bytes are the answer as they are."""
    if returned is None:
        return b"null"
    if isinstance(returned, bytes):
        return returned
    try:
        text = json.dumps(plain(returned), default=digits_of, ensure_ascii=ENSURE_ASCII)
        return DIGITS.sub(r"\1", text).encode() if MARK in text else text.encode()
    except Exception as error:
        raise handlers.Fault("Runtime.MarshalError", f"Unable to marshal response: {error}") from error


def plain(value):
    """The value with named tuples as objects and bytes as texts, since that is how Lambda writes them."""
    if isinstance(value, tuple) and hasattr(value, "_asdict"):
        value = value._asdict()
    if isinstance(value, dict):
        return {name.decode() if isinstance(name, bytes) else name: plain(inner) for name, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(inner) for inner in value]
    return value.decode() if isinstance(value, bytes) else value


def digits_of(value):
    """DynamoDB's clients return decimals: all their digits count, more than a float has. They are texts until the rest is written."""
    if type(value).__module__ == "decimal":
        return f"{MARK}{'NaN' if value.is_nan() else value}"
    raise TypeError(f"Object of type {type(value).__name__} is not JSON serializable")


def show_trace(trace_id):
    """X-Ray's clients read it from the environment."""
    if trace_id:
        os.environ["_X_AMZN_TRACE_ID"] = trace_id
    else:
        os.environ.pop("_X_AMZN_TRACE_ID", None)


def document_of(error, request_id):
    """What Lambda is told about an exception: the handler's own frames, outermost first."""
    import traceback

    if isinstance(error, handlers.Fault):
        return {"errorMessage": str(error), "errorType": error.error_type, "requestId": request_id, "stackTrace": error.trace}
    ours = os.path.dirname(__file__)
    frames = [frame for frame in traceback.extract_tb(error.__traceback__)]
    while frames and is_ours(frames[0].filename, ours):
        frames.pop(0)
    return {
        "errorMessage": text_of(error),
        "errorType": type(error).__name__,
        "requestId": request_id,
        "stackTrace": traceback.format_list(frames),
    }


def is_ours(filename, ours):
    """Import machinery stands between us and a module that throws while it loads."""
    return filename.startswith(ours) or filename.startswith("<frozen importlib") or f"{os.sep}importlib{os.sep}" in filename


def text_of(error):
    """An exception's own __str__ may throw."""
    try:
        return str(error)
    except Exception:
        return f"What {type(error).__name__} says cannot be read."
