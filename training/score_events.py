"""Scores the event heads of an exported file or checkpoint on marked sentences: `python score_events.py FILE FOLDER`."""
import argparse
import collections
import json

import torch

from data import Pieces, batches, collate
from events import ACT_LABELS, MODALITIES, POLARITIES, read_events
from model import Reader, load_exported


def f1(right, found, gold):
    p, r = right / max(1, found), right / max(1, gold)
    return {"p": round(p, 3), "r": round(r, 3), "f1": round(2 * p * r / max(1e-9, p + r), 3), "n": gold}


def load(path):
    if not path.endswith(".pt"):
        return load_exported(path)
    ck = torch.load(path, weights_only=False, map_location="cpu")
    m = Reader(len(ck["vocab"]), ck["layers"], ck["labels"])
    m.load_state_dict(ck["model"])
    return m.eval(), ck["vocab"]


def score(m, pc, sents):
    enc = [pc.encode(s.words) for s in sents]
    c, kinds = collections.Counter(), collections.Counter()
    with torch.no_grad():
        for b in batches(enc, 3000):
            p = collate([enc[i] for i in b])
            w = m.words(m.trunk(*p[:3]), p[3], p[4])[:, 1:]
            act, status = m.head["act"](w).argmax(-1), m.head["status"](w)
            for r, i in enumerate(b):
                s = sents[i]
                gold = {a.word: a for a in s.acts}
                for j in range(len(s.words)):
                    k = ACT_LABELS[act[r, j]]
                    a = gold.get(j)
                    c["found"] += k != "O"
                    kinds[k, "found"] += 1
                    if a:
                        c["gold"] += 1
                        kinds[a.kind, "gold"] += 1
                        c["spot"] += k != "O"
                        c["right"] += k == a.kind
                        kinds[a.kind, "right"] += k == a.kind
                        c["modality"] += MODALITIES[status[r, j, :4].argmax()] == a.modality
                        c["polarity"] += POLARITIES[status[r, j, 4:].argmax()] == a.polarity
                        role = m.roles(w[r, j][None], w[r, : len(s.words)][None])[0].sigmoid() > 0.5
                        for l, g in ((0, a.actors), (1, a.recipients)):
                            here = {x for x in range(len(s.words)) if role[x, l]}
                            c[f"role{l} right"] += len(here & g)
                            c[f"role{l} found"] += len(here)
                            c[f"role{l} gold"] += len(g)
                    elif k != "O":
                        c["spurious"] += 1
                        c["in silent"] += not gold
                c["silent"] += not gold
    out = {"spot": f1(c["spot"], c["found"], c["gold"]), "type": f1(c["right"], c["found"], c["gold"]),
           "actor": f1(c["role0 right"], c["role0 found"], c["role0 gold"]), "recipient": f1(c["role1 right"], c["role1 found"], c["role1 gold"]),
           "modality": round(c["modality"] / max(1, c["gold"]), 3), "polarity": round(c["polarity"] / max(1, c["gold"]), 3),
           "false in silent sentences": c["in silent"], "silent sentences": c["silent"]}
    out["by type"] = {k: f1(kinds[k, "right"], kinds[k, "found"], kinds[k, "gold"])["f1"] for k in ACT_LABELS[1:]}
    return out


if __name__ == "__main__":
    a = argparse.ArgumentParser()
    a.add_argument("model")
    a.add_argument("folder")
    o = a.parse_args()
    torch.set_num_threads(1)
    m, vocab = load(o.model)
    for k, v in score(m, Pieces(vocab), read_events(o.folder)).items():
        print(k, json.dumps(v))
