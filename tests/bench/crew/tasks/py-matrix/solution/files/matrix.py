class Matrix:
    """A rectangle of numbers; does not change."""

    def __init__(self, rows):
        self.rows = [list(row) for row in rows]
        if len({len(row) for row in self.rows}) > 1:
            raise ValueError("rows of different length")

    @property
    def size(self):
        return f"{len(self.rows)}x{len(self.rows[0]) if self.rows else 0}"

    def __mul__(self, number):
        return Matrix([[value * number for value in row] for row in self.rows])

    __rmul__ = __mul__

    def __matmul__(self, other):
        if (len(self.rows[0]) if self.rows else 0) != len(other.rows):
            raise ValueError(f"sizes do not fit: {self.size} and {other.size}")
        columns = other.transpose().rows
        return Matrix([[sum(a * b for a, b in zip(row, column)) for column in columns] for row in self.rows])

    def transpose(self):
        return Matrix([list(column) for column in zip(*self.rows)])

    def __eq__(self, other):
        return isinstance(other, Matrix) and self.rows == other.rows

    def __repr__(self):
        return f"Matrix({self.rows!r})"
