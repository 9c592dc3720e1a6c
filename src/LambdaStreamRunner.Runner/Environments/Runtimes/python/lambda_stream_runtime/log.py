"""What handlers write, in Lambda's tab format: time, request id, level, text."""

import logging
import os
import sys
import time

request_id = ""


class TabFormatter(logging.Formatter):
    """One line for each entry: a carriage return stands for the end of a line within the text."""

    def format(self, record):
        text = super().format(record).replace("\r\n", "\r").replace("\n", "\r")
        moment = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
        return f"{moment}.{int(record.msecs):03d}Z\t{request_id}\t{record.levelname}\t{text}"


class StandardOutput(logging.Handler):
    """Writes to what sys.stdout is now: handlers replace it at times."""

    def emit(self, record):
        try:
            text = self.format(record)
            sys.stdout.write(text if text.endswith("\n") else f"{text}\n")
        except Exception:
            self.handleError(record)


def tell_request(record):
    """What formats of Lambda's handler may name; every entry passes."""
    record.aws_request_id = request_id
    record.tenant_id = None
    return True


def set_up():
    """Sends the root logger to the log, and every line out as soon as it is whole."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="backslashreplace", line_buffering=True)
    handler = StandardOutput()
    handler.setFormatter(TabFormatter())
    handler.addFilter(tell_request)
    logging.Formatter.converter = time.gmtime  # also for formats that the function brings
    root = logging.getLogger()
    root.addHandler(handler)
    level = os.environ.get("AWS_LAMBDA_LOG_LEVEL", "").upper().replace("TRACE", "DEBUG")
    if isinstance(logging.getLevelName(level), int):
        root.setLevel(level)


def belongs_to(invocation):
    """From here on lines belong to this invocation."""
    global request_id
    request_id = invocation


def error(document):
    """Logs an error as Lambda reports it."""
    text = "\n".join([f"{document['errorType']}: {document['errorMessage']}", "Traceback (most recent call last):", *document["stackTrace"]])
    record = logging.LogRecord("", logging.ERROR, "", 0, text.rstrip("\n"), None, None)
    sys.stdout.write(f"{TabFormatter().format(record)}\n")


def flush():
    """Lines without an end go out as well before the answer does."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except ValueError:
            pass  # the handler has closed it
