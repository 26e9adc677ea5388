import os
import tempfile
import unittest

from mail.compose import compose


class Hidden(unittest.TestCase):
    def test_languages(self):
        self.assertEqual(compose("bye", {"name": "Jun", "language": "ko"}).strip(), "Jun 님, 안녕히 가세요.")
        self.assertIn("Jun", compose("welcome", {"name": "Jun", "language": "ko"}))
        self.assertRegex(compose("welcome", {"name": "Jun", "language": "ko"}), "[가-힣]")
        self.assertEqual(compose("bye", {"name": "Jun", "language": "fr"}).strip(), "Goodbye Jun.")

    def test_dollars(self):
        self.assertEqual(compose("bye", {"name": "$name $5", "language": "en"}).strip(), "Goodbye $name $5.")

    def test_refuses(self):
        for kind in ("nothing", "../secret", "../../secret", "/etc/passwd", "", "bye.ko"):
            with self.assertRaises(KeyError, msg=kind):
                compose(kind, {"name": "x", "language": "en"})

    def test_from_another_folder(self):
        here = os.getcwd()
        with tempfile.TemporaryDirectory() as folder:
            os.chdir(folder)
            try:
                self.assertIn("x", compose("bye", {"name": "x", "language": "en"}))
            finally:
                os.chdir(here)


unittest.main()
