import unittest

from jsonpath import get


class Hidden(unittest.TestCase):
    data = {"a": {"b": [1, {"c": None}, [7, 8]]}}

    def test_walk(self):
        self.assertEqual(get(self.data, "a.b[0]"), 1)
        self.assertEqual(get(self.data, "a.b[-1][1]"), 8)
        self.assertIsNone(get(self.data, "a.b[1].c", 5))

    def test_missing(self):
        for path in ("x", "a.b[9]", "a.b[0].c", "a[0]", "a.b.c"):
            self.assertEqual(get(self.data, path, "none"), "none", path)

    def test_bad(self):
        for path in ("", "a..b", "a[", "a[x]", ".a", "a.", "a[0]b"):
            with self.assertRaises(ValueError, msg=path):
                get(self.data, path)


unittest.main()
