"""Looks into nested data."""

import re

WELL_FORMED = re.compile(r"[^.\[\]]+(\[-?\d+\])*(\.[^.\[\]]+(\[-?\d+\])*)*")
PART = re.compile(r"([^.\[\]]+)|\[(-?\d+)\]")


def get(data, path, default=None):
    """The value at a path such as `a.b[0].c`, or the default where a part is missing."""
    if not WELL_FORMED.fullmatch(path):
        raise ValueError(f"bad path: {path!r}")
    at = data
    for name, index in PART.findall(path):
        try:
            if name and not isinstance(at, dict):
                return default
            if index and not isinstance(at, list):
                return default
            at = at[name] if name else at[int(index)]
        except (KeyError, IndexError):
            return default
    return at
