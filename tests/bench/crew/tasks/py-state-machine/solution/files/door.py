class DoorError(Exception):
    pass


MOVES = {
    "open": ("closed", "open"),
    "close": ("open", "closed"),
    "lock": ("closed", "locked"),
    "unlock": ("locked", "closed"),
}


class Door:
    def __init__(self, on_change=None):
        self.state = "closed"
        self.history = []
        self._on_change = on_change

    def _do(self, action):
        source, target = MOVES[action]
        if self.state != source:
            raise DoorError(f"cannot {action}: the door is {self.state}")
        self.state = target
        self.history.append(action)
        if self._on_change:
            self._on_change(source, target)

    def open(self):
        self._do("open")

    def close(self):
        self._do("close")

    def lock(self):
        self._do("lock")

    def unlock(self):
        self._do("unlock")
