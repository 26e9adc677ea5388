import unittest

from words import top_words


class Hidden(unittest.TestCase):
    def test_ties(self):
        self.assertEqual(top_words("b a b a c", 2), [("a", 2), ("b", 2)])

    def test_apostrophes(self):
        self.assertEqual(top_words("Don't! 'don't' don't.", 3), [("don't", 3)])

    def test_unicode(self):
        self.assertEqual(top_words("서울, 서울! Été été", 2), [("été", 2), ("서울", 2)])

    def test_empty(self):
        self.assertEqual(top_words(" ... ", 3), [])


unittest.main()
