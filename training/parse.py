"""CoNLL-U on standard output from raw text (one sentence a line) or a .conllu file, by an exported model."""
import argparse
import os
import sys

import torch

from data import HERE, MAX_PIECES, Pieces, Sent, apply_rule, batches, collate, read_conllu, tokenize
from model import best_tags, load_exported, tree


def predict(m, pc, word_lists, size=3000, raw=False):
    """One dict per sentence: upos, xpos, lemma, ner, head, rel (and the numbers behind them with `raw`)."""
    parts, whole = [], []                   # a sentence of more than 254 pieces is read in passes
    for i, ws in enumerate(word_lists):
        cur, n = [], 2
        for w in ws:
            k = len(pc.word(w))
            if cur and n + k > MAX_PIECES:
                parts.append(cur), whole.append(i)
                cur, n = [], 2
            cur.append(w)
            n += k
        parts.append(cur), whole.append(i)
    enc = [pc.encode(p) for p in parts]
    res = [None] * len(parts)
    with torch.no_grad():
        for b in batches(enc, size):
            x = collate([enc[i] for i in b])
            h = m.trunk(*x[:3])
            w = m.words(h, x[3], x[4])
            lg = {k: m.head[k](w[:, 1:]) for k in ("upos", "xpos", "lemma", "ner")}
            sc, (e, g), sv = m.arcs(w), m.rel_parts(w), m.sent(h, x[2])
            for r, i in enumerate(b):
                n = len(parts[i])
                arc = sc[r, :n, : n + 1]
                head = tree(arc.double().numpy())
                rl = m.rels(e[r, 1:n + 1], g[r, torch.tensor(head)])
                lab = m.labels["rel"]
                root = lab.index("root")
                masked = rl.clone()
                masked[:, root] = -1e9
                rel = ["root" if hd == 0 else lab[j] for hd, j in zip(head, masked.argmax(1).tolist())]
                d = {k: [m.labels[k][j] for j in lg[k][r, :n].argmax(-1).tolist()] for k in ("upos", "xpos", "lemma")}
                d["rule"] = d["lemma"]
                d["lemma"] = [apply_rule(u, f) for u, f in zip(d["rule"], parts[i])]
                d |= {"ner": best_tags(lg["ner"][r, :n], m.ner_next, m.labels["ner"]), "head": [int(x) for x in head], "rel": rel, "words": parts[i]}
                if raw:
                    d |= {"ids": enc[i][0], "upos_logits": lg["upos"][r, :n].tolist(), "arc": arc.tolist(), "sent": sv[r].tolist()}
                res[i] = d
    out = {}
    for i, d in zip(whole, res):
        if i not in out:
            out[i] = d
        else:
            k = len(out[i]["words"])
            top = out[i]["head"].index(0) + 1
            d = d | {"head": [h + k if h else top for h in d["head"]],
                     "rel": [r if h else "parataxis" for h, r in zip(d["head"], d["rel"])]}
            for f in ("words", "upos", "xpos", "lemma", "rule", "ner", "head", "rel"):
                out[i][f] = out[i][f] + d[f]
    return [out[i] for i in range(len(word_lists))]


def main():
    a = argparse.ArgumentParser()
    a.add_argument("file", help=".conllu, or text with one sentence a line; - is standard input")
    a.add_argument("--model", default=os.path.join(HERE, "../data/model/fast.safetensors"))
    o = a.parse_args()
    m, vocab = load_exported(o.model)
    if o.file.endswith(".conllu"):
        sents = [s.words for s in read_conllu(o.file)]
    else:
        f = sys.stdin if o.file == "-" else open(o.file, encoding="utf8")
        sents = [t for l in f if (t := tokenize(l.strip()))]
    for d in predict(m, Pieces(vocab), sents):
        print("# text =", " ".join(d["words"]))
        for i, w in enumerate(d["words"]):
            print(i + 1, w, d["lemma"][i], d["upos"][i], d["xpos"][i], "_", d["head"][i], d["rel"][i], "_",
                  "_" if d["ner"][i] == "O" else "NER=" + d["ner"][i], sep="\t")
        print()


if __name__ == "__main__":
    main()
