import os
import tempfile
import unittest

from tree import sizes


class TreeTest(unittest.TestCase):
    def test_below(self):
        with tempfile.TemporaryDirectory() as top:
            os.mkdir(os.path.join(top, "a"))
            with open(os.path.join(top, "a", "f"), "w") as file:
                file.write("12345")
            self.assertEqual(sizes(top), {".": 5, "a": 5})


if __name__ == "__main__":
    unittest.main()
