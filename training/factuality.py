"""Learns data/codebook/factuality.tsv: how sure it is that a word's event took place, -3 to +3.

    python3 training/factuality.py UDS.jsonl MEANTIME.jsonl > data/codebook/factuality.tsv

Lines of both files: {"id", "text", "events": [{"start", "end", "value"}]}, offsets in characters. The sentences are read by
`polybius parse`, so that the model sees what it will see when pages are read; another reader asks for another run. Needs numpy, scipy and
scikit-learn. Features must be those of `crates/events/src/factuality.rs`. Five-fold cross-validation by sentence goes to standard error.

UDS-IH2 (White et al. 2016, Rudinger et al. 2018, CC BY-SA 4.0) has all that people say; MEANTIME (Minard et al. 2016, CC BY 4.0) has news, where
nearly all is told as a fact. A news sentence counts three times.
"""

import collections
import json
import os
import subprocess
import sys
import tempfile
import zlib

import numpy
import scipy.sparse
from sklearn.linear_model import Ridge

ALPHA, NEWS_WEIGHT, MIN_COUNT, PLAIN = 15.0, 3.0, 8, 1.0
OPENINGS = set("if please do does did can could will would what how why who where when be".split())
MODALS = set("would could should may might must can will".split())


def read(path, polybius):
    """Examples (sentence rows, index of the word, value, id of the text)."""
    rows = [json.loads(line) for line in open(path, encoding="utf-8")]
    with tempfile.NamedTemporaryFile("w", suffix=".txt", delete=False, encoding="utf-8") as file:
        file.write("\n\n".join(row["text"] for row in rows) + "\n")
    parsed = subprocess.run([polybius, "parse", file.name], capture_output=True, text=True, check=True).stdout
    os.unlink(file.name)
    sentences = []
    for block in parsed.split("\n\n"):
        tokens = [line.split("\t") for line in block.split("\n") if line and line[0] != "#"]
        tokens = [t for t in tokens if "-" not in t[0] and "." not in t[0]]
        if tokens:
            sentences.append(tokens)
    examples, number = [], 0
    for row in rows:
        text, position, placed = row["text"], 0, []
        while number < len(sentences) and position < len(text.rstrip()) - 1:
            start, found = position, []
            for i, token in enumerate(sentences[number]):
                at = text.find(token[1], position)
                if 0 <= at <= position + 40:
                    found.append((at, at + len(token[1]), number, i))
                    position = at + len(token[1])
            if 2 * len(found) < len(sentences[number]):
                position = start
                break
            placed += found
            number += 1
        for event in row["events"]:
            inside = [p for p in placed if p[0] < event["end"] and event["start"] < p[1]]
            verbs = [p for p in inside if sentences[p[2]][p[3]][3] == "VERB"]
            for place in (verbs or inside[-1:])[:1]:
                examples.append((sentences[place[2]], place[3], event["value"], row["id"]))
    return examples


def features(sentence, i):
    """Names of the features that hold for word `i`."""
    lemma = lambda k: sentence[k][2].lower()
    head = lambda k: int(sentence[k][6]) - 1
    rel = lambda k: sentence[k][7].split(":")[0]
    kids = collections.defaultdict(list)
    for k in range(len(sentence)):
        kids[head(k)].append(k)
    upos, xpos = sentence[i][3], sentence[i][4]
    names = {f"x={xpos}", f"u={upos}", f"r={rel(i)}", f"x+r={xpos}+{rel(i)}", f"l={lemma(i)}"}

    def clause(word, place):
        negated = subject = auxiliary = False
        for k in kids[word]:
            w, r, printed = lemma(k), rel(k), sentence[k][1].lower()
            if r in ("aux", "cop"):
                auxiliary = True
                names.add(f"{place}aux={printed}")
            elif r in ("mark", "case"):
                names.add(f"{place}mark={w}")
            elif r == "advmod" and w in ("not", "n't", "never", "hardly", "barely", "n’t"):
                negated = True
            elif r == "advmod":
                names.add(f"{place}adv={w}")
            elif r == "det":
                negated |= w in ("no", "neither")
                names.add(f"{place}det={w}")
            elif r == "nsubj":
                subject = True
                negated |= any(lemma(g) in ("no", "none", "nobody") for g in kids[k])
                negated |= w in ("nobody", "nothing", "none")
                names.add(f"{place}subj={w if sentence[k][3] == 'PRON' else sentence[k][3]}")
            elif r == "obj":
                negated |= w in ("nothing", "nobody") or any(lemma(g) == "no" for g in kids[k])
            elif r == "advcl" and any(rel(g) == "mark" and lemma(g) in ("if", "unless") for g in kids[k]):
                names.add(f"{place}hasif")
            negated |= printed in ("not", "n't") and r in ("aux", "part", "advmod")
        names.update(f"{place}{n}" for n, holds in (("neg", negated), ("nosubj", not subject), ("noaux", not auxiliary)) if holds)

    clause(i, "0")
    base = i
    for _ in range(3):
        if rel(base) != "conj" or head(base) < 0:
            break
        base = head(base)
        clause(base, "c")
    h = head(base)
    if h < 0:
        names.add("root")
    else:
        names |= {f"h={lemma(h)}+{rel(base)}", f"hu={sentence[h][3]}+{rel(base)}", f"hx={sentence[h][4]}", f"hl={lemma(h)}"}
        clause(h, "1")
        g = head(h)
        if g >= 0:
            names |= {f"g={lemma(g)}+{rel(h)}", f"grr={rel(base)}+{rel(h)}"}
            clause(g, "2")
    names.add("end=" + ("?" if any("?" in t[1] for t in sentence[-2:]) else "."))
    if lemma(0) in OPENINGS:
        names.add(f"first={lemma(0)}")
    at, depth = i, 0
    while head(at) >= 0 and depth < 12:
        at, depth = head(at), depth + 1
        for k in kids[at]:
            if rel(k) == "mark" and lemma(k) == "if":
                names.add("ancif")
            if rel(k) == "aux" and lemma(k) in MODALS:
                names.add(f"ancmod={lemma(k)}")
            if rel(k) == "advmod" and lemma(k) in ("not", "n't"):
                names.add("ancneg")
    names.add(f"depth={min(depth, 5)}")
    return names


def fit(matrix, values, weights):
    return Ridge(alpha=ALPHA, solver="sparse_cg").fit(matrix, values, sample_weight=weights)


def main():
    polybius = os.environ.get("POLYBIUS", "polybius")
    sets = [read(path, polybius) for path in sys.argv[1:3]]
    examples = [e for s in sets for e in s]
    news = numpy.array([False] * len(sets[0]) + [True] * len(sets[1]))
    named = [features(e[0], e[1]) for e in examples]
    count = collections.Counter(name for names in named for name in names)
    index = {name: n for n, name in enumerate(sorted(name for name, c in count.items() if c >= MIN_COUNT))}
    cells = [(row, index[name]) for row, names in enumerate(named) for name in names if name in index]
    rows, columns = zip(*cells)
    matrix = scipy.sparse.csr_matrix((numpy.ones(len(cells)), (rows, columns)), shape=(len(examples), len(index)))
    values = numpy.array([e[2] for e in examples])
    weights = numpy.where(news, NEWS_WEIGHT, 1.0)
    fold = numpy.array([zlib.crc32(str(e[3]).encode()) % 5 for e in examples])
    told = numpy.zeros(len(values))
    for k in range(5):
        learn = fold != k
        told[~learn] = fit(matrix[learn], values[learn], weights[learn]).predict(matrix[~learn])
    told = numpy.where(told > PLAIN, 3.0, numpy.clip(told, -3, 3))
    for name, of in (("UDS", ~news), ("MEANTIME", news)):
        r = numpy.corrcoef(told[of], values[of])[0, 1]
        print(f"{name}: n {of.sum()} correlation {r:.3f} mean error {abs(told[of] - values[of]).mean():.3f}", file=sys.stderr)
    model = fit(matrix, values, weights)
    print("# factuality.tsv: how sure it is that a word's event took place: weights of features, their sum -3 (not) to +3.")
    print("# Origin: learned by training/factuality.py from UDS-IH2 (White et al. 2016, Rudinger et al. 2018, CC BY-SA 4.0)")
    print("#   and MEANTIME (Minard et al. 2016, CC BY 4.0). Licence: CC BY-SA 4.0.")
    print("feature\tweight")
    print(f"bias\t{model.intercept_:.3f}")
    for name, n in index.items():
        if abs(model.coef_[n]) >= 0.02:
            print(f"{name}\t{model.coef_[n]:.3f}")


main()
