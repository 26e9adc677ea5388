import unittest

from intervals import merge


class Hidden(unittest.TestCase):
    def test_unsorted_and_untouched(self):
        given = [(5, 6), (1, 2), (2, 3), (8, 9)]
        self.assertEqual(merge(given), [(1, 3), (5, 6), (8, 9)])
        self.assertEqual(given, [(5, 6), (1, 2), (2, 3), (8, 9)])

    def test_inside(self):
        self.assertEqual(merge([(1, 9), (2, 3), (4, 12)]), [(1, 12)])

    def test_wrong(self):
        with self.assertRaises(ValueError):
            merge([(2, 1)])

    def test_empty(self):
        self.assertEqual(merge([]), [])


unittest.main()
