import unittest

from matrix import Matrix


class MatrixTest(unittest.TestCase):
    def test_product(self):
        self.assertEqual((Matrix([[1, 2]]) @ Matrix([[3], [4]])).rows, [[11]])


if __name__ == "__main__":
    unittest.main()
