import unittest

from roman import from_roman, to_roman


class RomanTest(unittest.TestCase):
    def test_there_and_back(self):
        self.assertEqual(to_roman(1994), "MCMXCIV")
        self.assertEqual(from_roman("xiv"), 14)


if __name__ == "__main__":
    unittest.main()
