import os


def sizes(folder):
    """Bytes in each folder and below it; links are neither followed nor counted."""
    result = {}
    _measure(folder, ".", result)
    return result


def _measure(path, name, result):
    total = 0
    result[name] = 0
    try:
        entries = sorted(os.scandir(path), key=lambda entry: entry.name)
    except OSError:
        entries = []
    for entry in entries:
        if entry.is_symlink():
            continue
        if entry.is_dir():
            total += _measure(entry.path, entry.name if name == "." else f"{name}/{entry.name}", result)
        else:
            total += entry.stat(follow_symlinks=False).st_size
    result[name] = total
    return total
