"""Changes made to training sentences on the fly, the same for the same seed."""
import os
import random
from dataclasses import replace

from data import HERE, lemma_rule, spans


class Augment:
    def __init__(self):
        self.pools = {"given": [], "family": [], "place": []}
        path = os.path.join(HERE, "names.txt")
        kind = None
        if os.path.exists(path):
            for line in open(path, encoding="utf8"):
                line = line.strip()
                if line.startswith("= "):
                    kind = line[2:]
                elif line and line[0] != "#":
                    self.pools[kind] += [x.strip() for x in line.split(",") if x.strip()]
        self.places = {}
        for p in self.pools["place"]:
            self.places.setdefault(len(p.split()), []).append(p.split())

    def all_words(self):
        return [w for pool in self.pools.values() for n in pool for w in n.split()]

    def __call__(self, s, key):
        r = random.Random(key)
        vec = s.vec
        if r.random() < 0.7:
            s = join_hyphens(s)
        own = s.src == "own"
        if self.pools["given"] and r.random() < (0.6 if own else 0.2):
            t = (self.people if s.head else self.people_freely)(s, r)
            vec = vec if t is s else -1
            s = t
        if self.places and s.ner and r.random() < (0.4 if own else 0.15):
            t = self.towns(s, r)
            vec = vec if t is s else -1
            s = t
        if r.random() < 0.08 and len(s.words) > 3 and s.words[-1] in ".!?":
            s = without(s, {len(s.words) - 1})
        if r.random() < 0.04:
            s = self.drop_articles(s, r)
        x = r.random()
        if x < 0.05:
            s = recase(s, str.lower)
        elif x < 0.068:
            s = recase(s, lambda w: w[:1].upper() + w[1:])
        elif x < 0.08:
            s = recase(s, str.upper)
        return replace(s, vec=vec)

    def people(self, s, r):
        """Other people's names over PER spans, or over flat names where there are no spans."""
        n = len(s.words)
        if s.ner:
            runs = [(a, b) for a, b, k in spans(s.ner) if k == "PER"]
        elif s.upos:
            runs = []
            for i in range(n):
                if s.upos[i] == "PROPN" and s.rel[i] != "flat" and i + 1 < n and s.rel[i + 1] == "flat" and s.head[i + 1] == i + 1:
                    b = i + 1
                    while b < n and s.rel[b] == "flat" and s.head[b] == i + 1 and s.upos[b] == "PROPN":
                        b += 1
                    runs.append((i, b))
        else:
            runs = []
        words = list(s.words)
        for a, b in runs:
            if b - a > 4 or not all(w[:1].isupper() for w in words[a:b]):
                continue
            if s.upos and not all(u == "PROPN" for u in s.upos[a:b]):
                continue
            one = [r.choice(self.pools["given"])] if b - a > 1 else []
            while len(one) < b - a:
                one.append(r.choice(self.pools["given" if len(one) < b - a - 1 else "family"]))
            words[a:b] = [w.replace(" ", "-") for w in one]
        return self.renamed(s, words)

    def people_freely(self, s, r):
        """The same where no tree stands in the way of longer or shorter names."""
        words, ner, at = [], [], 0
        for a, b, k in spans(s.ner):
            if k != "PER" or not all(w[:1].isupper() or w == "-" or len(w) < 4 for w in s.words[a:b]):
                continue
            new = [r.choice(self.pools["family"])]
            if b - a > 1:
                new = [r.choice(self.pools["given"]) for _ in range(1 if r.random() < 0.8 else 2)] + new
                if r.random() < 0.06:
                    new.insert(1, r.choice(["bin", "ben", "Ould", "Abu", "de", "van", "al", "el", "Ag", "von", "da"]))
            elif r.random() < 0.25:
                new = [r.choice(self.pools["given"])]
            if r.random() < 0.15:
                new = [p for w in new for p in w.replace("-", " - ").split()]
            words += s.words[at:a] + new
            ner += s.ner[at:a] + ["B-PER"] + ["I-PER"] * (len(new) - 1)
            at = b
        return replace(s, words=words + s.words[at:], ner=ner + s.ner[at:]) if at else s

    def towns(self, s, r):
        words = list(s.words)
        for a, b, k in spans(s.ner):
            if k == "LOC" and b - a in self.places and all(w[:1].isupper() for w in words[a:b]):
                if s.upos and not all(u == "PROPN" for u in s.upos[a:b]):
                    continue
                words[a:b] = r.choice(self.places[b - a])
        return self.renamed(s, words)

    @staticmethod
    def renamed(s, words):
        if words == s.words:
            return s
        lemma = s.lemma and [l if a == b else b for l, a, b in zip(s.lemma, s.words, words)]
        return replace(s, words=words, lemma=lemma)

    @staticmethod
    def drop_articles(s, r):
        if s.head:
            has = {h - 1 for h in s.head}
            gone = {i for i, w in enumerate(s.words) if s.upos[i] == "DET" and w.lower() in ("a", "an", "the") and i not in has}
        else:
            gone = {i for i, w in enumerate(s.words) if w.lower() in ("a", "an", "the") and s.ner[i] == "O"}
        return without(s, gone) if len(gone) < len(s.words) else s


def without(s, gone):
    """The sentence without some words; words that hung on them go to the next head up."""
    keep = [i for i in range(len(s.words)) if i not in gone]
    if s.head and any(s.head[i] == 0 for i in gone):
        return s
    cut = lambda x: x and [x[i] for i in keep]
    head = None
    if s.head:
        new = {i + 1: k + 1 for k, i in enumerate(keep)} | {0: 0}
        head = []
        for i in keep:
            h = s.head[i]
            while h not in new:
                h = s.head[h - 1]
            head.append(new[h])
    ner = cut(s.ner)
    if ner:
        for i, t in enumerate(ner):
            if t and t[0] == "I" and (i == 0 or not ner[i - 1] or ner[i - 1][2:] != t[2:]):
                ner[i] = "B" + t[1:]
    return replace(s, words=cut(s.words), upos=cut(s.upos), xpos=cut(s.xpos), lemma=cut(s.lemma), rel=cut(s.rel), head=head,
                   ner=ner)


def join_hyphens(s):
    """Names split at hyphens in one piece ("al - Masri" as "al-Masri"), as the reader's own splitter leaves them."""
    i = 1
    while i + 1 < len(s.words):
        if s.words[i] == "-" and s.words[i + 1][:1].isupper() and (
                s.upos[i - 1] == s.upos[i + 1] == "PROPN" if s.upos else s.ner[i - 1] and s.ner[i - 1][2:] in ("PER", "LOC")):
            same = not s.ner or s.ner[i - 1] == s.ner[i] == s.ner[i + 1] is None or bool(
                s.ner[i - 1] and s.ner[i + 1] and s.ner[i + 1][0] == "I" and s.ner[i] and s.ner[i][0] == "I")
            t = merged(s, i - 1, i + 2) if same else s
            if t is not s:
                s = t
                continue
        i += 1
    return s


def merged(s, a, b):
    """Words a..b as one word, if exactly one of them hangs on a word outside."""
    cut = lambda x, mid: x and x[:a] + [mid] + x[b:]
    word = "".join(s.words[a:b])
    if not s.head:
        return replace(s, words=cut(s.words, word), ner=cut(s.ner, s.ner and s.ner[a]))
    top = [i for i in range(a, b) if not a < s.head[i] <= b]
    if len(top) != 1:
        return s
    h = top[0]
    new = lambda x: x if x <= a else a + 1 if x <= b else x - (b - a - 1)
    head = cut([new(x) for x in s.head], new(s.head[h]))
    return replace(s, words=cut(s.words, word), upos=cut(s.upos, s.upos[h]), xpos=cut(s.xpos, s.xpos[h]), head=head,
                   rel=cut(s.rel, s.rel[h]), lemma=cut(s.lemma, word), ner=cut(s.ner, s.ner and s.ner[a]))


def recase(s, f):
    words = [f(w) for w in s.words]
    lemma = None
    if s.lemma:
        lemma = [f(l) if u == "PROPN" else l for l, u in zip(s.lemma, s.upos)]
    return replace(s, words=words, lemma=lemma)
