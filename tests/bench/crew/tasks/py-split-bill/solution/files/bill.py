def split(cents, people=None, weights=None):
    """Parts of a bill that add up to it; what is left over goes to the largest remainders."""
    shares = [1] * (people or 0) if weights is None else list(weights)
    total = sum(shares)
    if any(share < 0 for share in shares) or total == 0:
        raise ValueError("nobody to pay")
    parts = [cents * share // total for share in shares]
    remainders = [cents * share % total for share in shares]
    order = sorted(range(len(shares)), key=lambda at: (-remainders[at], at))
    for at in order[: cents - sum(parts)]:
        parts[at] += 1
    return parts
