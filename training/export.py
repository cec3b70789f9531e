"""Checkpoint to FORMAT.md file: `python export.py /tmp/train/fast/final.pt ../data/model/fast.safetensors`."""
import argparse
import json
import os

import torch
from safetensors.torch import save_file

from model import Reader, named_tensors, scale_name


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


def export(checkpoint, path, profile=None):
    ck = torch.load(checkpoint, weights_only=False, map_location="cpu")
    m = Reader(len(ck["vocab"]), ck["layers"], ck["labels"])
    m.load_state_dict(ck["model"])
    t = {}
    for name, p, i8 in named_tensors(m):
        p = p.detach().float()
        if i8:
            t[name], t[scale_name(name)] = quantise(p)
        else:
            t[name] = p.clone().contiguous()
    info = {"format": 1, "layers": ck["layers"], "hidden": 384, "heads": 12, "ff": 1536,
            "profile": profile or os.path.basename(path).split(".")[0], "labels": ck["labels"]}
    meta = {"polybius": json.dumps(info, ensure_ascii=False), "vocab": "\n".join(ck["vocab"])}
    save_file(t, path + ".tmp", metadata=meta)
    os.replace(path + ".tmp", path)
    return os.path.getsize(path)


if __name__ == "__main__":
    a = argparse.ArgumentParser()
    a.add_argument("checkpoint")
    a.add_argument("out")
    a.add_argument("--profile")
    o = a.parse_args()
    print(f"{o.out}: {export(o.checkpoint, o.out, o.profile) / 1e6:.1f} MB")
