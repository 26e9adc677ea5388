import re
from pathlib import Path
from string import Template

FOLDER = Path(__file__).parent / "templates"


def compose(kind, user):
    """The mail of that kind in the user's language, English where there is no other."""
    if not re.fullmatch(r"[a-z_]+", kind):
        raise KeyError(kind)
    names = [f"{kind}.{user['language']}.txt"] if re.fullmatch(r"[a-z]{2}", user["language"]) else []
    for name in [*names, f"{kind}.txt"]:
        path = FOLDER / name
        if path.is_file():
            return Template(path.read_text(encoding="utf-8")).safe_substitute(name=user["name"])
    raise KeyError(kind)
