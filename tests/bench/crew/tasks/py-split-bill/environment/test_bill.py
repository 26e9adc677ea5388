import unittest

from bill import split


class BillTest(unittest.TestCase):
    def test_adds_up(self):
        self.assertEqual(split(100, 3), [34, 33, 33])


if __name__ == "__main__":
    unittest.main()
