def merge(intervals):
    """Joins intervals that overlap or touch; sorted by start. The argument stays as it is."""
    merged = []
    for start, end in sorted(intervals):
        if start > end:
            raise ValueError(f"start after end: ({start}, {end})")
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged
