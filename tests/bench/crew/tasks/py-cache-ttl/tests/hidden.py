import unittest

from cache import ttl_cache


class Hidden(unittest.TestCase):
    def setUp(self):
        self.now = 0
        self.calls = []

        @ttl_cache(10, clock=lambda: self.now)
        def f(*args, **kwargs):
            """Doc."""
            self.calls.append((args, kwargs))
            if kwargs.get("fail"):
                raise RuntimeError("no")
            return len(self.calls)

        self.f = f

    def test_keywords(self):
        self.assertEqual((self.f(1, a=1), self.f(1, a=2), self.f(1, a=1)), (1, 2, 1))
        self.assertEqual(self.f(b=1, a=2), self.f(a=2, b=1))

    def test_errors(self):
        for _ in range(2):
            with self.assertRaises(RuntimeError):
                self.f(fail=True)
        self.assertEqual(len(self.calls), 2)
        self.assertEqual(self.f.cache_size(), 0)

    def test_lets_go(self):
        for x in range(50):
            self.f(x)
        self.now = 10
        self.f("new")
        self.assertEqual(self.f.cache_size(), 1)
        self.f.cache_clear()
        self.assertEqual(self.f.cache_size(), 0)
        self.assertEqual(self.f.__doc__, "Doc.")


unittest.main()
