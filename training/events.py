"""Own-written sentences with their events marked (events/README.md): `{S Kenya} {SANCTION expelled} two {T Eritrean} diplomats.`"""
import glob
import os
import random
import re
from dataclasses import dataclass, replace

from data import HERE, Sent, tokenize

TYPES = ("AGREE CONSULT SUPPORT COOPERATE AID CONCEDE RETREAT REQUEST ACCUSE REJECT THREATEN PROTEST SANCTION MOBILIZE COERCE "
         "ASSAULT").split()
ACT_LABELS = ["O"] + TYPES
MODALITIES = ("actual", "future", "hypothetical", "historical")
POLARITIES = ("affirmed", "negated", "denied")
MARK = re.compile(r"\{([^ {}]+) ([^{}]*)\}")


@dataclass
class Act:
    word: int                   # the trigger's last word (the verb of "called off" is its first)
    kind: str
    modality: str
    polarity: str
    actors: frozenset           # numbers of the words of the parties
    recipients: frozenset


def joined(text):
    """Words as the reader splits them: a hyphen before a capital joins ("al-Masri"), others split ("six-way")."""
    out = []
    for w in tokenize(text):
        if len(out) > 1 and out[-1] == "-" and w[:1].isupper() and out[-2] + "-" + w in text:
            out[-2:] = [out[-2] + "-" + w]
        else:
            out.append(w)
    return out


def read_line(line):
    words, triggers, parties, at = [], {}, [], 0
    for m in list(MARK.finditer(line)) + [None]:
        words += joined(line[at:m.start() if m else len(line)])
        if not m:
            break
        at = m.end()
        label, _, marks = m[1].partition(":")
        new = joined(m[2])
        here = range(len(words), len(words) + len(new))
        words += new
        kind = re.match(r"[A-Z]+?(?=\d*$)", label)
        if kind and kind[0] in TYPES:
            marks = marks.split(",")
            pick = lambda of: next((x for x in marks if x in of), of[0])
            triggers[label[len(kind[0]):] or "1"] = (here[0], kind[0], pick(MODALITIES), pick(POLARITIES))
        else:
            parties += [(role, n or "1", here) for role, n in re.findall(r"([ST])(\d*)", label)]
    of = lambda role, n: frozenset(i for r, k, ix in parties if r == role and k == n for i in ix)
    return words, [Act(*t, of("S", n), of("T", n)) for n, t in triggers.items()]


def read_events(folder=os.path.join(HERE, "events")):
    out = []
    for path in sorted(glob.glob(os.path.join(folder, "*.txt"))):
        for line in open(path, encoding="utf8"):
            line = line.strip()
            if line and not line.startswith("#"):
                words, acts = read_line(line)
                if words:
                    out.append(Sent(words, acts=acts, about=bool(acts), src=os.path.basename(path).split("-")[0]))
    return out


def read_political(folder=os.path.join(HERE, "political")):
    """Sentences known to tell of a political act (`act-*`, its word unmarked) or of none (`none-*`; `history-*`, whose acts are past)."""
    out = []
    for path in sorted(glob.glob(os.path.join(folder, "*.txt"))):
        name = os.path.basename(path)
        for line in open(path, encoding="utf8"):
            words = joined(line.strip())
            if words:
                out.append(Sent(words, acts=[] if name.startswith("none-") else None, about=name.startswith("act-"), src="political"))
    return out


def change(s, key):
    """Letter case, final stop, articles: the same sentence as other pages print it."""
    r = random.Random(key)
    words = list(s.words)
    gone = set()
    if r.random() < 0.1 and len(words) > 3 and words[-1] in ".!?":
        gone.add(len(words) - 1)
    if r.random() < 0.06:
        gone |= {i for i, w in enumerate(words) if w.lower() in ("a", "an", "the")}
    x = r.random()
    f = str.lower if x < 0.05 else str.upper if x < 0.09 else (lambda w: w[:1].upper() + w[1:]) if x < 0.13 else None
    if f:
        words = [f(w) for w in words]
    if not gone:
        return replace(s, words=words)
    keep = [i for i in range(len(words)) if i not in gone]
    to = {i: k for k, i in enumerate(keep)}
    moved = lambda ix: frozenset(to[i] for i in ix if i in to)
    acts = s.acts and [replace(a, word=to[a.word], actors=moved(a.actors), recipients=moved(a.recipients))
                       for a in s.acts if a.word in to]
    return replace(s, words=[words[i] for i in keep], acts=acts, upos=None, xpos=None, lemma=None, head=None, rel=None, ner=None)
