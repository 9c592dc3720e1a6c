import base64
import unittest
from datetime import datetime, timedelta, timezone

import app
from access_log_line import AccessLogLine, parse_line


def hit(client, size):
    return f'{client} - - [31/Jan/2026:09:08:07 +0000] "GET / HTTP/1.1" 200 {size} "-" "curl/8.9.1"'


def event_of(*lines):
    return {
        "Records": [
            {"kinesis": {"sequenceNumber": str(number), "data": base64.b64encode(line.encode()).decode()}}
            for number, line in enumerate(lines, start=1)
        ]
    }


class AccessLogTests(unittest.TestCase):
    def setUp(self):
        app.traffic.clear()

    def test_hits_and_bytes_are_counted_per_client(self):
        app.handler(event_of(hit("192.0.2.7", 100), hit("192.0.2.8", 5), hit("192.0.2.7", "-")), None)
        app.handler(event_of(hit("192.0.2.7", 20)), None)

        self.assertEqual({"192.0.2.7": [3, 120], "192.0.2.8": [1, 5]}, app.traffic)

    def test_a_batch_with_a_broken_line_counts_nothing_and_names_the_record(self):
        with self.assertRaisesRegex(ValueError, "^Record 2 is not a line"):
            app.handler(event_of(hit("192.0.2.7", 100), hit("192.0.2.7", 100)[:60]), None)

        self.assertEqual({}, app.traffic)

    def test_a_line_is_read_field_by_field(self):
        line = parse_line('192.0.2.7 - anna [31/Jan/2026:09:08:07 +0100] "GET /a?b=c HTTP/1.1" 200 1234 "https://example.com/" "curl/8.9.1"')

        time = datetime(2026, 1, 31, 9, 8, 7, tzinfo=timezone(timedelta(hours=1)))
        self.assertEqual(AccessLogLine("192.0.2.7", time, "GET /a?b=c HTTP/1.1", 200, 1234), line)


if __name__ == "__main__":
    unittest.main()
