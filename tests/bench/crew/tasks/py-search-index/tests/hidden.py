import time
import unittest

from index import Index


class Hidden(unittest.TestCase):
    def test_order(self):
        index = Index()
        for id in (3, 1, 2):
            index.add(id, "Same words here")
        index.add(3, "same again")
        self.assertEqual(index.search("SAME"), [3, 1, 2])
        self.assertEqual(index.search("words"), [1, 2])
        index.remove(1)
        index.remove(99)
        self.assertEqual(index.search("same"), [3, 2])
        self.assertEqual(index.search("nothing"), [])
        self.assertEqual(index.search(""), [])

    def test_speed(self):
        index = Index()
        for n in range(2000):
            index.add(n, " ".join(f"w{(n * 7 + k) % 3000}" for k in range(200)))
        started = time.perf_counter()
        for n in range(2000):
            index.search(f"w{n} w{n + 1}")
        self.assertLess(time.perf_counter() - started, 2)


unittest.main()
