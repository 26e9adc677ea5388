import os


def sizes(folder):
    result = {}
    for path, _, files in os.walk(folder, followlinks=True):
        result[path] = sum(os.path.getsize(os.path.join(path, name)) for name in files)
    return result
