import unittest

from logs import parse


class LogsTest(unittest.TestCase):
    def test_one(self):
        entry = next(iter(parse(["2026-01-02T03:04:05Z INFO all is well"])))
        self.assertEqual(entry["message"], "all is well")


if __name__ == "__main__":
    unittest.main()
