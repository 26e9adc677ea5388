import os
import tempfile
import unittest

from tree import sizes


class Hidden(unittest.TestCase):
    def test_all(self):
        with tempfile.TemporaryDirectory() as top:
            os.makedirs(os.path.join(top, "a", "b"))
            for path, text in (("f", "1"), ("a/g", "22"), ("a/b/h", "333")):
                with open(os.path.join(top, path), "w") as file:
                    file.write(text)
            os.symlink(top, os.path.join(top, "a", "circle"))
            os.symlink(os.path.join(top, "f"), os.path.join(top, "a", "link"))
            os.symlink("nowhere", os.path.join(top, "broken"))
            self.assertEqual(sizes(top), {".": 6, "a": 5, "a/b": 3})


unittest.main()
