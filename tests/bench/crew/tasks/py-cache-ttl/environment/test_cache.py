import unittest

from cache import ttl_cache


class CacheTest(unittest.TestCase):
    def test_expires(self):
        now = [0]
        calls = []

        @ttl_cache(10, clock=lambda: now[0])
        def f(x):
            calls.append(x)
            return x

        f(1)
        now[0] = 11
        f(1)
        self.assertEqual(calls, [1, 1])


if __name__ == "__main__":
    unittest.main()
