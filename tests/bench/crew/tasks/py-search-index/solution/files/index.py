class Index:
    """Documents by word."""

    def __init__(self):
        self._order = {}
        self._words = {}
        self._by_word = {}

    def add(self, id, text):
        if id in self._words:
            self._forget(id)
        self._order.setdefault(id, len(self._order))
        self._words[id] = set(text.lower().split())
        for word in self._words[id]:
            self._by_word.setdefault(word, set()).add(id)

    def remove(self, id):
        if id in self._words:
            self._forget(id)
            del self._words[id]

    def search(self, question):
        sets = [self._by_word.get(word, set()) for word in question.lower().split()]
        if not sets:
            return []
        found = set.intersection(*sorted(sets, key=len))
        return sorted(found, key=self._order.__getitem__)

    def _forget(self, id):
        for word in self._words[id]:
            self._by_word[word].discard(id)
