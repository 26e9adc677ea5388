import unittest

from jsonpath import get


class GetTest(unittest.TestCase):
    def test_walk(self):
        self.assertEqual(get({"a": [{"b": 1}]}, "a[0].b"), 1)


if __name__ == "__main__":
    unittest.main()
