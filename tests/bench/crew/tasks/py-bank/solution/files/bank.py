import itertools
import threading

_numbers = itertools.count()


def _check(amount):
    if amount <= 0:
        raise ValueError("the amount must be above zero")


class Account:
    def __init__(self, balance=0):
        self.balance = balance
        self._lock = threading.RLock()
        self._number = next(_numbers)

    def deposit(self, amount):
        _check(amount)
        with self._lock:
            self.balance += amount

    def withdraw(self, amount):
        _check(amount)
        with self._lock:
            if self.balance < amount:
                raise ValueError("not enough money")
            self.balance -= amount


def transfer(source, target, amount):
    """Moves money; locks are always taken in the same order, so that nobody waits for ever."""
    _check(amount)
    first, second = sorted((source, target), key=lambda account: account._number)
    with first._lock, second._lock:
        source.withdraw(amount)
        target.deposit(amount)
