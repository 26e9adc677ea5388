import unittest

from bill import split


class Hidden(unittest.TestCase):
    def test_people(self):
        self.assertEqual(split(100, 3), [34, 33, 33])
        self.assertEqual(split(2, 3), [1, 1, 0])
        self.assertEqual(split(0, 2), [0, 0])

    def test_weights(self):
        self.assertEqual(split(100, weights=[1, 1, 2]), [25, 25, 50])
        self.assertEqual(split(10, weights=[1, 2, 4]), [1, 3, 6])
        self.assertEqual(split(1, weights=[1, 1]), [1, 0])
        self.assertEqual(split(10**17 + 1, weights=[3, 3, 3, 1]), [3 * 10**16 + 1, 3 * 10**16, 3 * 10**16, 10**16])

    def test_refuses(self):
        for arguments in ({"people": 0}, {"weights": []}, {"weights": [0, 0]}, {"weights": [1, -1]}):
            with self.assertRaises(ValueError):
                split(10, **arguments)


unittest.main()
