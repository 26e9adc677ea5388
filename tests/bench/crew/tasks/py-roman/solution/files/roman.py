"""Roman numerals."""

SIGNS = [
    (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"),
    (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
]


def to_roman(n):
    """The usual numeral of a number from 1 to 3999."""
    if not 1 <= n <= 3999:
        raise ValueError(f"out of range: {n}")
    parts = []
    for value, sign in SIGNS:
        count, n = divmod(n, value)
        parts.append(sign * count)
    return "".join(parts)


def from_roman(text):
    """The number of a numeral written in the usual way, in either case."""
    numeral = text.upper()
    rest, n = numeral, 0
    for value, sign in SIGNS:
        while rest.startswith(sign):
            rest, n = rest[len(sign):], n + value
    if rest or not 1 <= n <= 3999 or to_roman(n) != numeral:
        raise ValueError(f"not a numeral: {text!r}")
    return n
