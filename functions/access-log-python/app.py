"""Counts hits and bytes per client from the lines of a web server's access log."""

import base64
import logging

from access_log_line import parse_line

# Characters of a bad line in the error; a record can be a megabyte.
QUOTED_LENGTH_MAX = 200

logger = logging.getLogger()
logger.setLevel(logging.INFO)

# Client to [hits, bytes]: what is counted lasts as long as the execution environment.
traffic = {}


def handler(event, context):
    """Counts a batch as a whole or not at all, since a batch that raises comes again."""
    lines = [read_line(record["kinesis"]) for record in event["Records"]]
    for line in lines:
        totals = traffic.setdefault(line.client, [0, 0])
        totals[0] += 1
        totals[1] += line.bytes
    logger.info("Counted %d hits.", len(lines))


def read_line(record):
    text = base64.b64decode(record["data"]).decode("utf-8-sig", errors="replace")
    line = parse_line(text)
    if line is None:
        number = record["sequenceNumber"]
        raise ValueError(f"Record {number} is not a line of an access log in combined format: {text[:QUOTED_LENGTH_MAX]}")
    return line
