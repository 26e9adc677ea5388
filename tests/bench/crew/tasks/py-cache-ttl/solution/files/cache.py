import functools
import time


def ttl_cache(seconds, clock=time.monotonic):
    """Remembers results for that long; errors are not remembered."""

    def wrap(function):
        known = {}

        def forget_old(now):
            for key in [key for key, (end, _) in known.items() if end <= now]:
                del known[key]

        @functools.wraps(function)
        def cached(*args, **kwargs):
            now = clock()
            forget_old(now)
            key = (args, tuple(sorted(kwargs.items())))
            if key not in known:
                known[key] = (now + seconds, function(*args, **kwargs))
            return known[key][1]

        cached.cache_clear = known.clear
        cached.cache_size = lambda: len(known)
        return cached

    return wrap
