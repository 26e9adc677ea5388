import unittest

from door import Door, DoorError


class DoorTest(unittest.TestCase):
    def test_opens(self):
        door = Door()
        door.open()
        self.assertEqual(door.state, "open")

    def test_refuses(self):
        door = Door()
        door.open()
        with self.assertRaises(DoorError):
            door.lock()


if __name__ == "__main__":
    unittest.main()
