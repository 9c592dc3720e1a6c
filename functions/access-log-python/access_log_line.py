"""Lines of Apache's combined format."""

import re
from datetime import datetime, timedelta, timezone
from typing import NamedTuple, Optional

# Quotes inside a quoted field are escaped with a backslash.
COMBINED_FORMAT = re.compile(
    r"""
    (?P<client>[^ ]+)\ [^ ]+\ [^ ]+
    \ \[(?P<time>[^\]]+)\]
    \ "(?P<request>(?:[^"\\]|\\.)*)"
    \ (?P<status>[1-5][0-9]{2})
    \ (?P<bytes>[0-9]+|-)
    \ "(?:[^"\\]|\\.)*"
    \ "(?:[^"\\]|\\.)*"
    """,
    re.VERBOSE,
)
TIME = re.compile(
    r"([0-9]{2})/([a-z]{3})/([0-9]{4}):([0-9]{2}):([0-9]{2}):([0-9]{2}) ([+-])(?:([0-9]{2}):?|([0-9]):)([0-9]{2})",
    re.IGNORECASE | re.ASCII,
)
MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
OFFSET_MAX = timedelta(hours=14)
BYTES_MAX = 2**63 - 1


class AccessLogLine(NamedTuple):
    """What a line says."""

    client: str
    time: datetime
    request: str
    status: int
    bytes: int


def parse_line(text: str) -> Optional[AccessLogLine]:
    """Reads a line; None unless it has exactly the nine fields of the format."""
    match = COMBINED_FORMAT.fullmatch(text)
    time = match and parse_time(match["time"])
    if not time:
        return None
    digits = match["bytes"].replace("-", "0").lstrip("0") or "0"
    if len(digits) > len(str(BYTES_MAX)) or int(digits) > BYTES_MAX:
        return None
    return AccessLogLine(match["client"], time, match["request"], int(match["status"]), int(digits))


def parse_time(text: str) -> Optional[datetime]:
    """Such as 31/Jan/2026:09:08:07 +0100; None when the calendar has no such day, or the clock no such time."""
    match = TIME.fullmatch(text)
    if not match or match[2].lower() not in MONTHS or int(match[10]) > 59:
        return None
    day, year, hour, minute, second = (int(match[group]) for group in (1, 3, 4, 5, 6))
    offset = timedelta(hours=int(match[8] or match[9]), minutes=int(match[10]))
    if offset > OFFSET_MAX:
        return None
    try:
        time = datetime(year, MONTHS.index(match[2].lower()) + 1, day, hour, minute, second, tzinfo=timezone(-offset if match[7] == "-" else offset))
        time.astimezone(timezone.utc)
        return time
    except (ValueError, OverflowError):
        return None
