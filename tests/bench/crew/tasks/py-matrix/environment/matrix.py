class Matrix:
    def __init__(self, rows):
        self.rows = rows

    def __mul__(self, other):
        return Matrix([[a * b for a, b in zip(x, y)] for x, y in zip(self.rows, other.rows)])
