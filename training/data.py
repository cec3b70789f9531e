"""Corpora, labels, word pieces and batches."""
import os
import re
import unicodedata
from dataclasses import dataclass, field
from functools import lru_cache

import torch
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

HERE = os.path.dirname(os.path.abspath(__file__))
NER_TYPES = ("PER", "ORG", "LOC", "NORP", "EVENT", "OTHER")
NER_LABELS = ["O"] + [f"{p}-{t}" for t in NER_TYPES for p in "BI"]
MAX_PIECES_A_WORD, MAX_PIECES = 8, 254


@dataclass
class Sent:
    words: list
    upos: list = None
    xpos: list = None
    lemma: list = None
    head: list = None
    rel: list = None
    ner: list = None            # BIO tags; None for a word whose tag is not known
    vec: int = -1               # row of the cached MiniLM vector
    src: str = ""
    misc: list = field(default=None, repr=False)
    acts: list = None           # events (events.py); None where nobody marked them
    about: bool = None          # whether it tells of a political act; None where nobody said


def lines_of(name):
    with open(os.path.join(HERE, name), encoding="utf8") as f:
        return [l.strip() for l in f if l.strip() and not l.startswith("#")]


def read_conllu(path, src=""):
    out, rows = [], []
    with open(path, encoding="utf8") as f:
        for line in list(f) + ["\n"]:
            line = line.rstrip("\n")
            if line.startswith("#"):
                continue
            if line:
                c = line.split("\t")
                if c[0].isdigit():
                    rows.append(c)
            elif rows:
                z = list(zip(*rows))
                lab = all(h.isdigit() for h in z[6])
                out.append(Sent(list(z[1]), *([list(z[3]), list(z[4]), list(z[2]), [int(h) for h in z[6]], list(z[7])]
                                              if lab else []), src=src, misc=list(z[9])))
                rows = []
    return out


def read_columns(path, word=0, tag=-1):
    out, w, t = [], [], []
    with open(path, encoding="utf8") as f:
        for line in list(f) + ["\n"]:
            if line.startswith("# "):
                continue
            c = line.split()
            if len(c) > 1:
                w.append(c[word])
                t.append(c[tag])
            elif w:
                out.append((w, t))
                w, t = [], []
    return out


# ---- named entities -------------------------------------------------------------------------------------------

DEMONYMS = set()
DEMONYM_LIKE = re.compile(r"^[A-Z][\w'-]*(ian|ans|ian?s|ish|ese|ists?|crats?|icans?)$|^(Greens|Liberals?|Socialists?|"
                          r"Conservatives?|Tor(y|ies)|Whigs?|Labourites?)$")


def is_demonym(words):
    if not DEMONYMS:
        DEMONYMS.update(lines_of("demonyms.txt"))
    one = "".join(words)
    last = re.split(r"-", one)[-1]
    return len(words) <= 3 and (one in DEMONYMS or last in DEMONYMS)


def misc_type(words):
    return "NORP" if is_demonym(words) or len(words) == 1 and DEMONYM_LIKE.match(words[0]) else "OTHER"


def spans(tags):
    """(start, end, type) of BIO or IOB1 tags."""
    out, s, kind = [], None, None
    for i, t in enumerate(list(tags) + ["O"]):
        t = t or "O"
        if s is not None and (t == "O" or t[0] == "B" or t[2:] != kind):
            out.append((s, i, kind))
            s = None
        if t != "O" and s is None:
            s, kind = i, t[2:]
    return out


def bio(n, spans_, base="O"):
    tags = [base] * n
    for s, e, k in spans_:
        tags[s] = "B-" + k
        for i in range(s + 1, e):
            tags[i] = "I-" + k
    return tags


def add_demonyms(words, tags):
    """Marks demonyms that the corpus left outside every name."""
    for i, w in enumerate(words):
        if tags[i] == "O" and w[:1].isupper() and is_demonym([w]):
            tags[i] = "B-NORP"
    return tags


def read_ner(path, kind):
    out = []
    crossner = {"politician": "PER", "person": "PER", "organisation": "ORG", "politicalparty": "ORG", "country": "LOC",
                "location": "LOC", "election": "EVENT", "event": "EVENT"}
    for w, t in read_columns(path, 1 if kind == "uner" else 0, 2 if kind == "uner" else -1):
        sp = [(s, e, crossner.get(k, k)) for s, e, k in spans(t)]
        sp = [(s, e, misc_type(w[s:e]) if k.lower() == "misc" else k) for s, e, k in sp]
        tags = bio(len(w), sp)
        if kind != "uner":
            tags = add_demonyms(w, tags)
        out.append(Sent(w, ner=tags, src=kind))
    return out


TITLES = set("""President Prime Minister Minister. Secretary General Mr. Mr Mrs. Mrs Ms. Ms Dr. Dr Sir King Queen Prince
Princess Senator Sen. Gov. Governor Chancellor Professor Prof. Captain Colonel Col. Gen. Lt. Lieutenant Judge Justice
Chairman Chairwoman Director Ambassador Sheikh Imam Ayatollah Bishop Archbishop Cardinal Congressman Congresswoman
Rep. Representative Speaker Lord Lady Major Sergeant Sgt. Admiral Vice Deputy Chief Sultan Emir Crown Rev. Reverend
Attorney Commissioner Mayor Officer Agent Foreign Father Sister Brother Uncle Aunt Miss Mister Saint Spokesman
Spokeswoman Spokesperson Commander Marshal Premier""".split())
ENTITY = re.compile(r"\((\d+(?:\[\d+/\d+\])?)-([a-z]+)[^()]*(\))?|(\d+(?:\[\d+/\d+\])?)\)")
GUM_TYPES = {"person": "PER", "organization": "ORG", "place": "LOC", "event": "EVENT"}


def gum_ner(s, open_):
    """Tags for one GUM sentence from `Entity=`; `open_` carries spans open across sentences (it is emptied)."""
    n, found = len(s.words), []
    open_.clear()
    for i, m in enumerate(s.misc):
        ent = next((x[7:] for x in m.split("|") if x.startswith("Entity=")), "")
        for g in ENTITY.finditer(ent):
            if g[1]:
                if g[3]:
                    found.append((i, i + 1, g[2]))
                else:
                    open_.setdefault(g[1], []).append((i, g[2]))
            elif open_.get(g[4]):
                st, k = open_[g[4]].pop()
                found.append((st, i + 1, k))
    name = [x in ("NNP", "NNPS") or u == "PROPN" for x, u in zip(s.xpos, s.upos)]
    nested = {a for a, _, _ in found}
    cand = []
    for a, b, k in found:
        h = next((i for i in range(a, b) if not a <= s.head[i] - 1 < b), None)
        if h is None or s.upos[h] != "PROPN" or k in ("time", "quantity"):
            continue
        if "@" in s.words[h] or "/" in s.words[h] or "www" in s.words[h]:
            continue
        kind = GUM_TYPES.get(k, "OTHER")
        link = {"PER": {"-"}, "LOC": {"-", "of", "the", "'s"}, "ORG": {"-", "of", "the", "for", "&", "and", "'s", "'"}}.get(
            kind, {"-", "of", "the", "for", "&", "'s", "and", "in", "on"})

        def ok(i):
            return name[i] or kind in ("EVENT", "OTHER") and s.xpos[i] == "CD" and s.words[i].isdigit()
        lo = hi = h
        while lo > a:
            if ok(lo - 1) and s.rel[lo - 1] != "nmod:desc":
                lo -= 1
                continue
            j = lo - 1
            while j > a and s.words[j] in link:
                j -= 1
            if j < lo - 1 and name[j] and "," not in s.words[j:lo] and s.rel[j] != "conj":
                lo = j
                continue
            break
        while hi + 1 < b:
            if ok(hi + 1):
                if s.rel[hi + 1] in ("conj", "appos", "nmod:unmarked"):
                    break
                hi += 1
                continue
            j = hi + 1
            while j + 1 < b and s.words[j] in link:
                j += 1
            if j > hi + 1 and name[j] and s.rel[j] != "conj" and not ("and" in s.words[hi:j] and j in nested):
                hi = j
                continue
            break
        while lo < h and (s.words[lo] in TITLES and kind == "PER" or s.rel[lo] == "nmod:desc"):
            lo += 1
        if not name[lo] and not ok(lo):
            continue
        ws = s.words[lo:hi + 1]
        if kind in ("PER", "OTHER", "ORG") and is_demonym(ws):
            kind = "NORP"
        if kind == "PER" and hi == lo and ws[0] in TITLES:
            continue
        if kind == "EVENT" and hi == lo and not ws[0].isupper():
            continue
        cand.append((lo, hi + 1, kind))
    cand.sort(key=lambda c: (c[0] - c[1], c[2] == "OTHER"))
    used, keep = [False] * n, []
    for a, b, k in cand:
        if not any(used[a:b]):
            used[a:b] = [True] * (b - a)
            keep.append((a, b, k))
    tags = add_demonyms(s.words, bio(n, keep))
    for i in range(n):                      # names we could not type teach nothing
        if tags[i] == "O" and s.upos[i] == "PROPN" and not (DATE.match(s.words[i]) or s.words[i] in TITLES):
            tags[i] = None
    return tags


DATE = re.compile(r"^(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?$|^(Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day$")


WORD = re.compile(r"(?:[A-Z]\.){2,}|(?:Mr|Mrs|Ms|Dr|Gen|Col|Lt|Maj|Capt|Sen|Rep|Gov|St|Prof|Rev|No|Jr|Sr|vs|etc)\.(?=\s)|"
                  r"[A-Z]\.(?=\s[A-Z])|[^\W\d_]+n['’]t\b|\d+(?:[.,:]\d+)*|[^\W\d_]+(?:['’](?=[^\W\d_]{2,})[^\W\d_]+)?|\.\.\.|[^\w\s]|\w", re.U)


def tokenize(text):
    """A rough UD-like split, good enough for own sentences and for looking at parses."""
    out = []
    for m in WORD.finditer(text):
        w = m[0]
        c = re.match(r"^(.+?)(n['’]t)$|^(.+)(['’](?:s|re|ve|ll|d|m))$", w, re.I)
        if c:
            out += [x for x in c.groups() if x]
        elif w in ("'", "’") and text[m.end():m.end() + 1] == "s" and out:
            out.append(w)
        elif out and out[-1] in ("'", "’") and w == "s" and text[m.start() - 2:m.start() - 1].isalnum():
            out[-1] += "s"
        else:
            out.append(w)
    return out


def read_own(path):
    """Sentences with names marked inline: `[PER Assimi Goita] met ...`."""
    out = []
    for line in lines_of(path):
        words, sp = [], []
        for part in re.split(r"(\[(?:%s) [^\]]*\])" % "|".join(NER_TYPES), line):
            m = re.match(r"\[(\w+) ([^\]]*)\]$", part)
            toks = tokenize(m[2] if m else part)
            if m:
                sp.append((len(words), len(words) + len(toks), m[1]))
            words += toks
        out.append(Sent(words, ner=bio(len(words), sp), src="own"))
    return out


# ---- lemma rules ----------------------------------------------------------------------------------------------

def lemma_rule(form, lemma):
    cased, c = form, "="
    if form != form.lower():
        low = form.lower()
        same = lambda x: len(os.path.commonprefix([x, lemma]))
        if same(low) > same(form) and len(low) == len(form):
            cased, c = low, "l"
    k = len(os.path.commonprefix([cased, lemma]))
    if k == 0 and lemma:
        return f"!|{lemma}"
    return f"{c}|{len(cased) - k}|{lemma[k:]}"


def apply_rule(rule, form):
    a = rule.split("|", 1)
    if a[0] == "!":
        return a[1]
    n, s = a[1].split("|", 1)
    w = form.lower() if a[0] == "l" else form
    return w[: max(0, len(w) - int(n))] + s


# ---- word pieces ----------------------------------------------------------------------------------------------

def case_class(word):
    cased = [c for c in word if c.isupper() or c.islower() or c.istitle()]
    if not cased:
        return 0
    up = [not c.islower() for c in cased]
    if not any(up):
        return 1
    if up[0] and not any(up[1:]):
        return 2
    return 3 if all(up) else 4


class Pieces:
    """Words to piece ids over a given vocabulary."""

    def __init__(self, vocab):
        self.ids = {p: i for i, p in enumerate(vocab)}
        self.tk = Tokenizer(models.WordPiece(self.ids, unk_token="[UNK]", max_input_chars_per_word=100))
        self.tk.normalizer = normalizers.BertNormalizer(lowercase=True)
        self.tk.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
        self.cls, self.sep, self.unk = self.ids["[CLS]"], self.ids["[SEP]"], self.ids["[UNK]"]
        self.word = lru_cache(200_000)(self._word)

    def _word(self, w):
        return tuple(self.tk.encode(w, add_special_tokens=False).ids[:MAX_PIECES_A_WORD]) or (self.unk,)

    def encode(self, words):
        ids, case, first, last = [self.cls], [5], [], []
        for w in words:
            p = self.word(w)
            first.append(len(ids))
            ids += p
            case += [case_class(w)] * len(p)
            last.append(len(ids) - 1)
        return ids + [self.sep], case + [5], first, last




def readable(piece):
    """Whether a piece is worth its room in the file: single letters of scripts that English pages hardly hold are not."""
    body = piece.removeprefix("##")
    return len(body) != 1 or body.isascii() or not body.isalpha() or "LATIN" in unicodedata.name(body, "")


def choose_vocab(full, word_iter, top=24_000):
    """Ids of the pieces of MiniLM's vocabulary to keep (sorted)."""
    pc = Pieces(full)
    keep = {full.index(t) for t in ("[PAD]", "[UNK]", "[CLS]", "[SEP]")}
    seen = set()
    for w in word_iter:
        if w not in seen:
            seen.add(w)
            keep.update(pc.tk.encode(w, add_special_tokens=False).ids)
    for i, p in enumerate(full):
        body = p.removeprefix("##")
        if p.startswith("[") and len(p) > 1:
            continue
        if len(body) == 1:
            if not (p.startswith("##") and "CJK" in unicodedata.name(body, "")):
                keep.add(i)
        elif i < top and re.fullmatch(r"[a-z]+", body):
            keep.add(i)
    return sorted(keep)


# ---- batches --------------------------------------------------------------------------------------------------

def batches(encoded, size):
    """Lists of indices with at most `size` padded pieces; `encoded[i]` is what Pieces.encode gave."""
    order = sorted(range(len(encoded)), key=lambda i: (len(encoded[i][0]), i))
    out, cur, longest = [], [], 0
    for i in order:
        n = len(encoded[i][0])
        if cur and max(longest, n) * (len(cur) + 1) > size:
            out.append(cur)
            cur, longest = [], 0
        cur.append(i)
        longest = max(longest, n)
    return out + ([cur] if cur else [])


def pad(rows, fill=0):
    n = max(map(len, rows))
    return torch.tensor([list(r) + [fill] * (n - len(r)) for r in rows])


def collate(enc):
    """pieces, case, mask, first, last of encoded sentences."""
    ids = pad([e[0] for e in enc])
    mask = torch.zeros(ids.shape, dtype=torch.bool)
    for i, e in enumerate(enc):
        mask[i, : len(e[0])] = True
    return ids, pad([e[1] for e in enc], 5), mask, pad([e[2] for e in enc]), pad([e[3] for e in enc])
