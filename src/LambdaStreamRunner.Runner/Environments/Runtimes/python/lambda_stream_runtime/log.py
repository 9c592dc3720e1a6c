"""What handlers write, as Lambda logs it: in its tab format or as JSON, and at once."""

import io
import json
import logging
import os
import sys
import time
import traceback

request_id = ""

IS_JSON = os.environ.get("AWS_LAMBDA_LOG_FORMAT", "").upper() == "JSON"

# What every entry has; all else was given to it by who wrote it.
STANDARD = {*vars(logging.LogRecord("", 0, "", 0, "", None, None)), "message", "asctime", "taskName", "aws_request_id", "tenant_id"}


class WriteThrough(io.TextIOWrapper):
    """Text that is out when write returns, whole lines or not: a process that is ended takes nothing with it."""

    def write(self, text):
        length = super().write(text)
        self.flush()
        return length

    def writelines(self, lines):
        self.write("".join(lines))


class TabFormatter(logging.Formatter):
    """Time, request id, level, text; a carriage return stands for the end of a line within the text."""

    def format(self, record):
        text = super().format(record).replace("\r\n", "\r").replace("\n", "\r")
        moment = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
        return f"{moment}.{int(record.msecs):03d}Z\t{request_id}\t{record.levelname}\t{text}"


class JsonFormatter(logging.Formatter):
    """One object for each entry, with what was given to it as ``extra``."""

    def format(self, record):
        kind, error, trace = record.exc_info or (None, None, None)
        entry = {
            "timestamp": moment_of(record.created),
            "level": record.levelname,
            "message": record.getMessage(),
            "logger": record.name,
            "stackTrace": traceback.format_tb(trace) if kind else None,
            "errorType": kind.__name__ if kind else None,
            "errorMessage": str(error) if kind else None,
            "requestId": request_id,
            "location": f"{record.pathname}:{record.funcName}:{record.lineno}" if kind else None,
        }
        for name, value in vars(record).items():
            if name not in STANDARD:
                entry.setdefault(name, value)
        return json.dumps({name: value for name, value in entry.items() if value is not None}, ensure_ascii=False)


class StandardOutput(logging.Handler):
    """Writes to what sys.stdout is now: handlers replace it at times."""

    def emit(self, record):
        try:
            text = self.format(record)
            sys.stdout.write(text if text.endswith("\n") else f"{text}\n")
        except Exception:
            self.handleError(record)


def moment_of(seconds):
    """A time as Python's JSON logs of Lambda have it."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))


def tell_request(record):
    """What formats of Lambda's handler may name; every entry passes."""
    record.aws_request_id = request_id
    record.tenant_id = None
    return True


def set_up():
    """Sends the root logger to the log, and what is printed out at once."""
    sys.stdout = sys.__stdout__ = write_through(sys.stdout)
    sys.stderr = sys.__stderr__ = write_through(sys.stderr)
    handler = StandardOutput()
    handler.setFormatter(JsonFormatter() if IS_JSON else TabFormatter())
    handler.addFilter(tell_request)
    logging.Formatter.converter = time.gmtime  # also for formats that the function brings
    root = logging.getLogger()
    root.addHandler(handler)
    level = os.environ.get("AWS_LAMBDA_LOG_LEVEL", "").upper().replace("TRACE", "DEBUG")
    if isinstance(logging.getLevelName(level), int):
        root.setLevel(level)


def write_through(stream):
    """The same stream, in UTF-8 and without a line that waits for its end."""
    return WriteThrough(stream.detach(), encoding="utf-8", errors="backslashreplace", newline="\n")


def belongs_to(invocation):
    """From here on lines belong to this invocation."""
    global request_id
    request_id = invocation


def error(document):
    """Logs an error as Lambda reports it."""
    if IS_JSON:
        sys.stdout.write(f"{json.dumps({'timestamp': moment_of(time.time()), 'log_level': 'ERROR', **document})}\n")
        return
    text = "\n".join([f"{document['errorType']}: {document['errorMessage']}", "Traceback (most recent call last):", *document["stackTrace"]])
    record = logging.LogRecord("", logging.ERROR, "", 0, text.rstrip("\n"), None, None)
    sys.stdout.write(f"{TabFormatter().format(record)}\n")


def flush():
    """What was written past the text, to its buffer, goes out as well before the answer does."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except ValueError:
            pass  # the handler has closed it
