import functools
import time


def ttl_cache(seconds, clock=time.monotonic):
    def wrap(function):
        known = {}

        @functools.wraps(function)
        def cached(*args, **kwargs):
            if args not in known:
                try:
                    known[args] = (clock(), function(*args, **kwargs))
                except Exception:
                    known[args] = (clock(), None)
            return known[args][1]

        return cached

    return wrap
