import unittest

from fizz import fizz


class FizzTest(unittest.TestCase):
    def test_both(self):
        self.assertEqual(fizz(30), "FizzBuzz")


if __name__ == "__main__":
    unittest.main()
