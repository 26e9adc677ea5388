import unittest

from fizz import fizz


class Hidden(unittest.TestCase):
    def test_all(self):
        self.assertEqual([fizz(n) for n in (1, 3, 5, 15)], ["1", "Fizz", "Buzz", "FizzBuzz"])

    def test_refuses(self):
        for n in (0, -3):
            with self.assertRaises(ValueError):
                fizz(n)


unittest.main()
