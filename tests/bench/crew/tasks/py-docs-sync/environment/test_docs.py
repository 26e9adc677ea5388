import re
import unittest

from commands import COMMANDS


class DocsTest(unittest.TestCase):
    def test_in_line(self):
        with open("docs/commands.md", encoding="utf-8") as file:
            rows = re.findall(r"^\| `(\w+)` \| (.+) \|$", file.read(), re.M)
        self.assertEqual(rows, list(COMMANDS.items()))


if __name__ == "__main__":
    unittest.main()
