"""Checkpoint to FORMAT.md file: `python export.py /tmp/train/fast/final.pt ../data/model/fast.safetensors`.

A file that was exported before may stand for the checkpoint: it is written anew, smaller where the format has become so."""
import argparse
import collections
import glob
import json
import os

import torch
from safetensors.torch import save_file

from data import HERE, Pieces, read_conllu, read_ner, read_own, readable
from events import read_events
from model import Reader, load_exported, named_tensors, scale_name


def quantise(w):
    """7-bit rows: the scale is searched a little, since clipping one outlier often loses less than it saves."""
    top = w.abs().amax(1).clamp_min(1e-8)
    best, err = None, None
    for c in (1.0, 0.95, 0.9, 0.85, 0.8, 0.7):
        s = top * c / 63
        q = (w / s[:, None]).round().clamp(-63, 63)
        e = ((q * s[:, None] - w) ** 2).sum(1)
        if best is None:
            best, err = [q, s], e
        else:
            b = e < err
            best[0][b], best[1][b], err[b] = q[b], s[b], e[b]
    return best[0].to(torch.int8).contiguous(), best[1].contiguous()


def load(checkpoint):
    if checkpoint.endswith(".safetensors"):
        return load_exported(checkpoint)
    ck = torch.load(checkpoint, weights_only=False, map_location="cpu")
    m = Reader(len(ck["vocab"]), ck["layers"], ck["labels"])
    m.load_state_dict(ck["model"])
    return m, ck["vocab"]


def rare(vocab, n, data):
    """The `n` pieces of two letters or more that the training sentences need least; of equals the later ones in MiniLM's order."""
    sents = read_conllu(f"{data}/ud/en_ewt-train.conllu", "ewt") + read_conllu(f"{data}/ud/en_gum_open-train.conllu", "gum")
    sents += read_ner(f"{data}/ner/crossner-politics-train.bio", "crossner") + read_ner(f"{data}/ner/wikigold.bio", "wikigold")
    for path in sorted(glob.glob(os.path.join(HERE, "own*.txt"))):
        sents += read_own(path)
    sents += read_events(os.path.join(HERE, "events"))
    pieces, used = Pieces(vocab), collections.Counter()
    words = collections.Counter(w for s in sents for w in s.words)
    for word, times in words.items():
        for i in set(pieces.tk.encode(word, add_special_tokens=False).ids):
            used[i] += times
    able = [i for i, p in enumerate(vocab) if len(p.removeprefix("##")) > 1 and not p.startswith("[")]
    return set(sorted(able, key=lambda i: (used[i], -i))[:n])


def export(checkpoint, path, profile=None, prune=0, data=None):
    m, vocab = load(checkpoint)
    dropped = rare(vocab, prune, data) if prune else set()
    kept = [i for i, piece in enumerate(vocab) if readable(piece) and i not in dropped]
    t = {}
    for name, p, i8 in named_tensors(m):
        p = p.detach().float()
        if name == "emb.word":
            p = p[kept]
        if i8:
            t[name], t[scale_name(name)] = quantise(p.flatten(0, -2))
            t[name] = t[name].view(p.shape)
        else:
            t[name] = p.clone().contiguous()
    info = {"format": 1, "layers": len(m.layer), "hidden": 384, "heads": 12, "ff": 1536,
            "profile": profile or os.path.basename(path).split(".")[0], "labels": m.labels}
    meta = {"polybius": json.dumps(info, ensure_ascii=False), "vocab": "\n".join(vocab[i] for i in kept)}
    save_file(t, path + ".tmp", metadata=meta)
    os.replace(path + ".tmp", path)
    return os.path.getsize(path)


if __name__ == "__main__":
    a = argparse.ArgumentParser()
    a.add_argument("checkpoint")
    a.add_argument("out")
    a.add_argument("--profile")
    a.add_argument("--prune", type=int, default=0, metavar="N", help="leave out the N rarest word pieces; their words are split further")
    a.add_argument("--data", help="folder with the corpora, to count pieces in (with --prune)")
    o = a.parse_args()
    print(f"{o.out}: {export(o.checkpoint, o.out, o.profile, o.prune, o.data) / 1e6:.2f} MB")
