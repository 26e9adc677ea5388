def merge(intervals):
    merged = []
    while intervals:
        start, end = intervals.pop(0)
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], end)
        else:
            merged.append((start, end))
    return merged
