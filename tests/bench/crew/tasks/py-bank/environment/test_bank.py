import unittest

from bank import Account


class BankTest(unittest.TestCase):
    def test_withdraw(self):
        account = Account(10)
        account.withdraw(4)
        self.assertEqual(account.balance, 6)

    def test_refuses(self):
        with self.assertRaises(ValueError):
            Account(10).deposit(-1)


if __name__ == "__main__":
    unittest.main()
