import unittest

from index import Index


class IndexTest(unittest.TestCase):
    def test_all_words(self):
        index = Index()
        index.add(1, "Red apple")
        index.add(2, "green apple")
        self.assertEqual(index.search("apple red"), [1])

    def test_replaced(self):
        index = Index()
        index.add(1, "red")
        index.add(1, "green")
        self.assertEqual((index.search("red"), index.search("green")), ([], [1]))


if __name__ == "__main__":
    unittest.main()
