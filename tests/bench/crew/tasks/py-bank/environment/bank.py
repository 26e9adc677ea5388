import time


class Account:
    def __init__(self, balance=0):
        self.balance = balance

    def deposit(self, amount):
        self.balance += amount

    def withdraw(self, amount):
        if self.balance < amount:
            raise ValueError("not enough money")
        rest = self.balance - amount
        time.sleep(0)
        self.balance = rest
