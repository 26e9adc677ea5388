import unittest

from matrix import Matrix


class Hidden(unittest.TestCase):
    a = Matrix([[1, 2, 3], [4, 5, 6]])

    def test_product(self):
        self.assertEqual(self.a @ self.a.transpose(), Matrix([[14, 32], [32, 77]]))

    def test_scale(self):
        self.assertEqual(self.a * 2, Matrix([[2, 4, 6], [8, 10, 12]]))
        self.assertEqual(2 * self.a, self.a * 2)

    def test_sizes(self):
        with self.assertRaisesRegex(ValueError, "2x3 and 2x2"):
            self.a @ Matrix([[1, 2], [3, 4]])
        with self.assertRaises(ValueError):
            Matrix([[1], [1, 2]])

    def test_value(self):
        rows = [[1]]
        m = Matrix(rows)
        rows[0][0] = 9
        self.assertEqual(m, Matrix([[1]]))
        self.assertNotEqual(m, 1)
        self.assertEqual(eval(repr(self.a)), self.a)


unittest.main()
