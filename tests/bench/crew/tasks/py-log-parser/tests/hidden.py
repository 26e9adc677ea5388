import itertools
import unittest
from datetime import datetime, timezone

from logs import parse


class Hidden(unittest.TestCase):
    def test_continued(self):
        got = list(parse(["noise\n", "2026-01-02T03:04:05Z ERROR it  broke\n", "  at x\n", "\n", "2026-01-02T03:04:06Z INFO ok\n"]))
        self.assertEqual([entry["message"] for entry in got], ["it  broke\n  at x\n", "ok"])
        self.assertEqual(got[0]["time"], datetime(2026, 1, 2, 3, 4, 5, tzinfo=timezone.utc))
        self.assertEqual(got[0]["level"], "ERROR")

    def test_endless(self):
        lines = ("2026-01-02T03:04:05Z INFO %d" % n for n in itertools.count())
        self.assertEqual([entry["message"] for entry in itertools.islice(parse(lines), 3)], ["0", "1", "2"])

    def test_nothing(self):
        self.assertEqual(list(parse([])), [])
        self.assertEqual(list(parse(["2026 INFO x"])), [])


unittest.main()
