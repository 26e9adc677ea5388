import sys
import threading
import unittest

from bank import Account, transfer

sys.setswitchinterval(1e-6)


def together(*tasks):
    threads = [threading.Thread(target=task, daemon=True) for task in tasks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert not any(thread.is_alive() for thread in threads), "still waiting"


class Hidden(unittest.TestCase):
    def test_races(self):
        account = Account(1000)
        together(*[lambda: [account.withdraw(1) for _ in range(100)] for _ in range(10)])
        self.assertEqual(account.balance, 0)

    def test_transfers(self):
        a, b = Account(500), Account(500)
        together(
            *[lambda: [transfer(a, b, 1) for _ in range(100)] for _ in range(4)],
            *[lambda: [transfer(b, a, 1) for _ in range(100)] for _ in range(4)],
        )
        self.assertEqual((a.balance, b.balance), (500, 500))

    def test_refuses(self):
        a, b = Account(5), Account(0)
        for amount in (0, -1):
            for act in (a.deposit, a.withdraw, lambda x: transfer(a, b, x)):
                with self.assertRaises(ValueError):
                    act(amount)
        with self.assertRaises(ValueError):
            transfer(a, b, 6)
        self.assertEqual((a.balance, b.balance), (5, 0))
        transfer(a, a, 5)
        self.assertEqual(a.balance, 5)


unittest.main()
