"""Scores an exported model on the development sets: `python score.py ../data/model/fast.safetensors [--acts]`."""
import argparse
import collections
import json
import os

import torch

from data import HERE, Pieces, gum_ner, read_conllu, read_ner, spans
from model import Lin, load_exported
from parse import predict


def trees(m, pc, gold):
    c, n = collections.Counter(), 0
    for s, p in zip(gold, predict(m, pc, [s.words for s in gold])):
        n += len(s.words)
        for i in range(len(s.words)):
            c["upos"] += s.upos[i] == p["upos"][i]
            c["xpos"] += s.xpos[i] == p["xpos"][i]
            c["lemma"] += s.lemma[i] == p["lemma"][i]
            if s.head[i] == p["head"][i]:
                c["uas"] += 1
                c["las"] += s.rel[i].split(":")[0] == p["rel"][i].split(":")[0]
                c["las_subtypes"] += s.rel[i] == p["rel"][i]
    return {k: round(100 * c[k] / n, 2) for k in ("upos", "xpos", "lemma", "uas", "las", "las_subtypes")}


def names(m, pc, gold, kinds):
    tp, fp, fn = collections.Counter(), collections.Counter(), collections.Counter()
    for s, p in zip(gold, predict(m, pc, [s.words for s in gold])):
        g = {x for x in spans(s.ner) if x[2] in kinds}
        q = {x for x in spans(p["ner"]) if x[2] in kinds}
        for x in g & q:
            tp[x[2]] += 1
        for x in q - g:
            fp[x[2]] += 1
        for x in g - q:
            fn[x[2]] += 1
    f = lambda t, a, b: round(200 * t / max(1, 2 * t + a + b), 1)
    r = {k: f(tp[k], fp[k], fn[k]) for k in kinds}
    r["all"] = f(sum(tp.values()), sum(fp.values()), sum(fn.values()))
    return r


def score(path, data, acts=False, limit=None):
    m, vocab = load_exported(path)
    Lin.act_quant = acts
    pc = Pieces(vocab)
    gum, o = read_conllu(f"{data}/ud/en_gum_open-dev.conllu"), {}
    for s in gum:
        s.ner = gum_ner(s, o)
    four = ("PER", "ORG", "LOC", "NORP", "EVENT", "OTHER")
    r = {"ewt-dev": trees(m, pc, read_conllu(f"{data}/ud/en_ewt-dev.conllu")[:limit]), "gum-dev": trees(m, pc, gum[:limit]),
         "crossner-politics-dev": names(m, pc, read_ner(f"{data}/ner/crossner-politics-dev.bio", "crossner")[:limit], four),
         "uner-ewt-dev": names(m, pc, read_ner(f"{data}/ner/uner-ewt-dev.iob2", "uner")[:limit], ("PER", "ORG", "LOC")),
         "gum-dev names": names(m, pc, gum[:limit], four)}
    Lin.act_quant = False
    return r


if __name__ == "__main__":
    a = argparse.ArgumentParser()
    a.add_argument("model")
    a.add_argument("--data", required=True, help="folder with the treebanks and name sets (README.md)")
    a.add_argument("--acts", action="store_true", help="imitate 8-bit activations")
    a.add_argument("--limit", type=int, help="sentences of each set")
    a.add_argument("--threads", type=int, default=1)
    o = a.parse_args()
    torch.set_num_threads(o.threads)
    for k, v in score(o.model, o.data, o.acts, o.limit).items():
        print(k, json.dumps(v))
