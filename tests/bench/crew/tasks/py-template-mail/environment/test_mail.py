import unittest

from mail.compose import compose


class MailTest(unittest.TestCase):
    def test_english(self):
        self.assertEqual(compose("welcome", {"name": "Mina", "language": "en"}).strip(), "Hello Mina, welcome!")


if __name__ == "__main__":
    unittest.main()
