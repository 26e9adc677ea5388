def fizz(n):
    """What is said for a number of at least 1."""
    if n < 1:
        raise ValueError("n must be at least 1")
    return ("Fizz" * (n % 3 == 0) + "Buzz" * (n % 5 == 0)) or str(n)
