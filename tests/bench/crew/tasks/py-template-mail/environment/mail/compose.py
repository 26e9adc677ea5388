def compose(kind, user):
    return "Hello"
