import unittest


class Hidden(unittest.TestCase):
    def test_whole(self):
        with open("docs/commands.md", encoding="utf-8") as file:
            text = file.read()
        self.assertEqual(text.strip(), """# Commands

| command | what it does |
|---|---|
| `start` | Start the server |
| `stop` | Stop the server |
| `status` | Show what runs |
| `logs` | Show the last lines of the log |

More to come.""")
        with open("commands.py", encoding="utf-8") as file:
            self.assertIn('"status": "Show what runs"', file.read())


unittest.main()
