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
        if self.pools["given"] and r.random() < 0.2:
            t = self.people(s, r)
            vec = vec if t is s else -1
            s = t
        if self.places and s.ner and r.random() < 0.15:
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


def recase(s, f):
    words = [f(w) for w in s.words]
    lemma = None
    if s.lemma:
        lemma = [f(l) if u == "PROPN" else l for l, u in zip(s.lemma, s.upos)]
    return replace(s, words=words, lemma=lemma)
