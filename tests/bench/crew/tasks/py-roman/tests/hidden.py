import unittest

from roman import from_roman, to_roman


class Hidden(unittest.TestCase):
    def test_round_trip(self):
        for n in range(1, 4000):
            self.assertEqual(from_roman(to_roman(n)), n)

    def test_refuses(self):
        for text in ("IIII", "VX", "IC", "", "ABC", "IXI", "MMMM"):
            with self.assertRaises(ValueError, msg=text):
                from_roman(text)
        for n in (0, 4000, -1):
            with self.assertRaises(ValueError):
                to_roman(n)


unittest.main()
