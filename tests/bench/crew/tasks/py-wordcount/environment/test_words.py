import unittest

from words import top_words


class WordsTest(unittest.TestCase):
    def test_case(self):
        self.assertEqual(top_words("The cat. the dog", 1), [("the", 2)])


if __name__ == "__main__":
    unittest.main()
