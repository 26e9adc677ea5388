def parse(lines):
    return [{"time": line.split()[0], "level": line.split()[1], "message": " ".join(line.split()[2:])} for line in lines]
