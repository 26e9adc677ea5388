import re
from datetime import datetime, timezone

HEAD = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ) (\w+) ?(.*)", re.S)


def parse(lines):
    """Yields the entries of a log; a line that begins none belongs to the one before."""
    entry = None
    for raw in lines:
        line = raw.rstrip("\r\n")
        head = HEAD.fullmatch(line)
        if head:
            if entry:
                yield entry
            time = datetime.strptime(head[1], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=timezone.utc)
            entry = {"time": time, "level": head[2], "message": head[3]}
        elif entry:
            entry["message"] += "\n" + line
    if entry:
        yield entry
