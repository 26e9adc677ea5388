import unittest

from door import Door, DoorError

ALLOWED = {("closed", "open"): "open", ("open", "close"): "closed", ("closed", "lock"): "locked", ("locked", "unlock"): "closed"}
PATHS = {"closed": [], "open": ["open"], "locked": ["lock"]}


class Hidden(unittest.TestCase):
    def test_every_pair(self):
        for state, path in PATHS.items():
            for action in ("open", "close", "lock", "unlock"):
                seen = []
                door = Door(on_change=lambda old, new: seen.append((old, new)))
                for step in path:
                    getattr(door, step)()
                seen.clear()
                if (state, action) in ALLOWED:
                    getattr(door, action)()
                    self.assertEqual(seen, [(state, ALLOWED[state, action])])
                    self.assertEqual(door.history, [*path, action])
                else:
                    with self.assertRaises(DoorError) as caught:
                        getattr(door, action)()
                    self.assertEqual(str(caught.exception), f"cannot {action}: the door is {state}")
                    self.assertEqual((door.state, door.history, seen), (state, path, []))


unittest.main()
