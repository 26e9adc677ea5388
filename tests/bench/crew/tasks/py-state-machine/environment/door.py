class DoorError(Exception):
    pass


class Door:
    def __init__(self):
        self.state = "closed"

    def open(self):
        self.state = "open"

    def close(self):
        self.state = "closed"

    def lock(self):
        self.state = "locked"

    def unlock(self):
        self.state = "closed"
