class Index:
    def __init__(self):
        self.documents = []

    def add(self, id, text):
        self.documents.append((id, text))

    def search(self, question):
        words = question.lower().split()
        return [id for id, text in self.documents if all(word in text.lower().split() for word in words)]
