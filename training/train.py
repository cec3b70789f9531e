"""Trains the reader model: `python train.py --layers 3 --epochs 10 --out /tmp/train/fast`."""
import argparse
import collections
import json
import os
import pickle
import random
import time

import torch
import torch.nn.functional as F

from augment import Augment
from events import ACT_LABELS, MODALITIES, POLARITIES, change, read_events, read_political
from data import (HERE, NER_LABELS, Pieces, batches, case_class, choose_vocab, collate, gum_ner, lemma_rule, pad, read_conllu,
                  read_ner, read_own)
from model import tag_row_loss, from_minilm, load_exported, minilm_dir
from parse import predict

IGNORE = -100


def corpora(data):
    """(trees, names): sentences with trees (GUM's with names too), and sentences with names only, each with a weight."""
    ewt = read_conllu(f"{data}/ud/en_ewt-train.conllu", "ewt")
    gum = read_conllu(f"{data}/ud/en_gum_open-train.conllu", "gum")
    open_ = {}
    for s in gum:
        s.ner = gum_ner(s, open_)
    names = [(read_ner(f"{data}/ner/crossner-politics-train.bio", "crossner"), 6),
             (read_ner(f"{data}/ner/wikigold.bio", "wikigold"), 2)]
    names += [(read_own(os.path.join(HERE, f)), n) for f, n in (("own.txt", 3), ("own-politics.txt", 3), ("own-politics-2.txt", 3), ("own-web.txt", 3),
                                                                       ("own-web-2.txt", 3), ("own-ugly.txt", 3))]
    return [s for s in ewt + gum if len(s.words) <= 120], [([s for s in ss if len(s.words) <= 120], n) for ss, n in names]


def label_sets(trees):
    count = lambda f: collections.Counter(x for s in trees for x in getattr(s, f))
    rules, whole = collections.Counter(), collections.Counter()
    for s in trees:
        for w, l in zip(s.words, s.lemma):
            rules[lemma_rule(w, l)] += 1
            whole[w.lower(), l] += 1
    return {"upos": sorted(count("upos")), "xpos": sorted(count("xpos")), "rel": sorted(count("rel")), "ner": NER_LABELS,
            "lemma": [r for r, n in rules.most_common() if n >= 3]}


def teacher_vectors(sents, work):
    """The sentence vectors of the unchanged MiniLM, kept in `work`."""
    path = os.path.join(work, "teacher.pkl")
    key = hash(tuple(len(s.words) for s in sents))
    if os.path.exists(path):
        k, v = pickle.load(open(path, "rb"))
        if k == key:
            return v
    full = [l.rstrip("\n") for l in open(os.path.join(minilm_dir(), "vocab.txt"), encoding="utf8")]
    m = from_minilm(6, list(range(len(full))), {k: ["x"] for k in ("upos", "xpos", "lemma", "ner", "rel")}).eval()
    pc = Pieces(full)
    enc = []
    for s in sents:
        ids, _, first, last = pc.encode(s.words)
        enc.append((ids[:250] + [pc.sep] if len(ids) > 251 else ids, [0] * min(len(ids), 251), first, last))
    out = torch.zeros(len(sents), 384)
    with torch.no_grad():
        for b in batches(enc, 3000):
            ids, case, mask, first, last = collate([enc[i] for i in b])
            x = m.ln(m.word(ids) + m.position.weight[: ids.shape[1]] + m.case(case))
            bias = torch.zeros(mask.shape).masked_fill(~mask, -1e9)[:, None, None, :]
            for layer in m.layer:
                x = layer(x, bias, 0.0)
            k = mask[:, :, None].float()
            out[torch.tensor(b)] = F.normalize((x * k).sum(1) / k.sum(1), dim=-1)
    out = out.half()
    pickle.dump((key, out), open(path, "wb"))
    return out


def read_silver(sents, path):
    """Gives sentences without trees those that an exported model reads in them, so that training on them forgets none."""
    m, vocab = load_exported(path)
    for s, d in zip(sents, predict(m, Pieces(vocab), [s.words for s in sents])):
        s.upos, s.xpos, s.lemma, s.head, s.rel, s.ner = (d[k] for k in ("upos", "xpos", "lemma", "head", "rel", "ner"))


def start_from(path):
    """What a checkpoint, or an exported file, gives to start from."""
    if path.endswith(".pt"):
        return torch.load(path, weights_only=False)
    m, vocab = load_exported(path)
    full = [l.rstrip("\n") for l in open(os.path.join(minilm_dir(), "vocab.txt"), encoding="utf8")]
    at = {p: i for i, p in enumerate(full)}
    return {"model": m.state_dict(), "labels": m.labels, "keep": [at[p] for p in vocab], "vocab": vocab, "layers": len(m.layer)}


class Threads:
    """Two threads wait for each other, so they crawl when another program holds a core: then one is faster. Looks at how
    much processor time programs of normal priority took (this one is meant to run under `nice`)."""

    def __init__(self, most):
        self.most, self.last = most, None

    def adapt(self):
        try:
            v = [int(x) for x in open("/proc/stat").readline().split()[1:9]]
        except OSError:
            return
        if self.last:
            d = [a - b for a, b in zip(v, self.last)]
            busy = (d[0] + d[2]) / max(1, sum(d)) * os.cpu_count()
            torch.set_num_threads(self.most if busy < 0.35 else max(1, self.most - 1))
        self.last = v


class Targets:
    def __init__(self, labels):
        self.ix = {k: {l: i for i, l in enumerate(v)} for k, v in labels.items()}

    def __call__(self, s):
        n, ix = len(s.words), self.ix
        none = [IGNORE] * n
        t = {"upos": none, "xpos": none, "lemma": none, "head": none, "rel": none, "ner": none}
        if s.head:
            t["upos"] = [ix["upos"].get(x, IGNORE) for x in s.upos]
            t["xpos"] = [ix["xpos"].get(x, IGNORE) for x in s.xpos]
            t["rel"] = [ix["rel"].get(x, IGNORE) for x in s.rel]
            t["head"] = s.head
            t["lemma"] = [ix["lemma"].get(lemma_rule(w, l), ix["lemma"].get(f"!|{l}", IGNORE)) for w, l in zip(s.words, s.lemma)]
        t["act"], t["modality"], t["polarity"] = list(none), list(none), list(none)
        if s.acts is not None:
            t["act"] = [0] * n
            for a in s.acts:
                t["act"][a.word] = ix["act"][a.kind]
                t["modality"][a.word] = MODALITIES.index(a.modality)
                t["polarity"][a.word] = POLARITIES.index(a.polarity)
        if s.ner:
            t["ner"] = [ix["ner"][x] if x else IGNORE for x in s.ner]
        return t


def act_losses(m, x, y, acts):
    """Losses of the event heads; `acts` is a list of acts (or None) for each sentence of the batch."""
    marked = y["act"] != IGNORE
    act = F.cross_entropy(m.head["act"](x)[marked], y["act"][marked], label_smoothing=0.02)
    out = {"act": act}
    at = [(b, a) for b, aa in enumerate(acts) for a in aa or ()]
    if not at:
        return out
    b, w = torch.tensor([b for b, _ in at]), torch.tensor([a.word for _, a in at])
    t = x[b, w]
    st = m.head["status"](t)
    out["status"] = (F.cross_entropy(st[:, :4], y["modality"][b, w]) + F.cross_entropy(st[:, 4:], y["polarity"][b, w]))
    gold = torch.zeros(len(at), x.shape[1], 2)
    for i, (_, a) in enumerate(at):
        gold[i, list(a.actors), 0] = 1
        gold[i, list(a.recipients), 1] = 1
    real = marked[b][:, :, None].float()
    role = F.binary_cross_entropy_with_logits(m.roles(t, x[b]), gold, reduction="none") * real
    out["role"] = role.sum() / (gold.sum() + 5)
    return out


def losses(m, batch, tg, vec, vec_ok, acts, about):
    pieces, case, mask, first, last = batch
    h = m.trunk(pieces, case, mask)
    wm = pad([[1] * len(x) for x in tg_list(tg)]).bool()
    w = m.words(h, first, last)
    y = {k: pad(v, IGNORE) for k, v in tg.items()}
    n = wm.sum().item()
    x = m.drop(w[:, 1:])
    out = {}

    def ce(logits, gold, floor=0.25):
        c = (gold != IGNORE).sum().item()
        return F.cross_entropy(logits.flatten(0, -2), gold.flatten(), ignore_index=IGNORE, reduction="sum") / max(c, floor * n) if c else 0.0
    for k in ("upos", "xpos", "lemma"):
        out[k] = ce(m.head[k](x), y[k])
    named = (y["ner"] != IGNORE).any(1)
    if named.any():
        row = tag_row_loss(m.head["ner"](x)[named], y["ner"][named], wm[named], m.ner_next, m.labels["ner"])
        out["ner"] = row / (y["ner"] != IGNORE).sum().clamp_min(0.25 * n)
    if (y["act"] != IGNORE).any():
        out |= act_losses(m, x, y, acts)
    rows = (y["head"][:, 0] != IGNORE)
    if rows.any():
        wr = m.drop(w[rows])
        s = m.arcs(wr)
        wmr = torch.cat([torch.ones(len(wr), 1, dtype=torch.bool), wm[rows]], 1)
        s = s.masked_fill(~wmr[:, None, :], -1e9)
        k = torch.arange(s.shape[1])
        s[:, k, k + 1] = -1e9
        gold = y["head"][rows]
        out["arc"] = ce(s, gold)
        e, g = m.rel_parts(wr)
        b, i = (gold != IGNORE).nonzero(as_tuple=True)
        out["rel"] = ce(m.rels(e[b, i + 1], g[b, gold[b, i]]), y["rel"][rows][b, i])
    if vec_ok.any():
        out["sent"] = (1 - (m.sent(h, mask) * vec).sum(-1))[vec_ok].mean()
    told = [i for i, x in enumerate(about) if x is not None]
    if told:
        gold = torch.tensor([float(about[i]) for i in told])
        out["about"] = F.binary_cross_entropy_with_logits(m.about(h, mask)[torch.tensor(told)], gold * 0.96 + 0.02)
    return out


def tg_list(tg):
    return tg["head"]


WEIGHT = {"upos": 0.7, "xpos": 0.7, "lemma": 0.7, "ner": 2.0, "arc": 1.0, "rel": 1.0, "sent": 1.0, "act": 4.0, "status": 0.5,
          "role": 0.6, "about": 1.0}


def main():
    a = argparse.ArgumentParser()
    a.add_argument("--layers", type=int, default=3, choices=(3, 6))
    a.add_argument("--epochs", type=float, default=8)
    a.add_argument("--threads", type=int, default=2)
    a.add_argument("--data", required=True, help="folder with the treebanks and name sets (README.md)")
    a.add_argument("--work", default="/tmp/train", help="cache")
    a.add_argument("--out", default="/tmp/train/fast", help="checkpoint folder")
    a.add_argument("--lr", type=float, default=2.5e-4)
    a.add_argument("--head-lr", type=float, default=1e-3)
    a.add_argument("--decay", type=float, default=0.9, help="of the learning rate from layer to layer down")
    a.add_argument("--pieces", type=int, default=1500, help="padded pieces a batch")
    a.add_argument("--top", type=int, default=12000, help="Latin pieces kept from the most frequent ids of MiniLM")
    a.add_argument("--every", type=float, default=4, help="minutes between checkpoints")
    a.add_argument("--seed", type=int, default=1)
    a.add_argument("--events", default=os.path.join(HERE, "events"), help="folder with sentences whose events are marked")
    a.add_argument("--political", default=os.path.join(HERE, "political"), help="folder with sentences with and without political acts")
    a.add_argument("--events-times", type=int, default=2, help="how often an epoch shows each of them")
    a.add_argument("--more", nargs="*", default=[], metavar="NAME=N", help="files NAME-*.txt among them are shown N times instead")
    a.add_argument("--rehearse", type=float, default=1.0, help="share of the trees and names that an epoch shows, drawn anew each time")
    a.add_argument("--freeze", action="store_true", help="train the event heads alone, on the event sentences alone")
    a.add_argument("--still", type=int, default=0, metavar="N", help="leave the word pieces and the lowest N layers as they are (faster)")
    a.add_argument("--silver", help="an exported model whose trees and names the event sentences are given")
    a.add_argument("--init", help="start from the weights of this checkpoint (same labels), with a new schedule")
    o = a.parse_args()
    torch.set_num_threads(o.threads)
    threads = Threads(o.threads)
    torch.manual_seed(o.seed)
    os.makedirs(o.out, exist_ok=True)
    os.makedirs(o.work, exist_ok=True)
    t0 = time.time()
    say = lambda *x: print(f"[{(time.time() - t0) / 60:6.2f}]", *x, flush=True)

    trees, names = corpora(o.data)
    events = read_events(o.events) + read_political(o.political)
    if o.silver:
        read_silver(events, o.silver)
    if o.freeze:
        trees, names = [], []
    shown = {name: int(n) for name, n in (x.split("=") for x in o.more)}
    aug = Augment()
    for i, s in enumerate(trees):
        s.vec = i
    resume = os.path.join(o.out, "last.pt")
    ck = torch.load(resume, weights_only=False) if os.path.exists(resume) else None
    init = start_from(o.init) if o.init and ck is None else None
    if ck or init:
        labels, keep, vocab = ((ck or init)[k] for k in ("labels", "keep", "vocab"))
    else:
        labels = label_sets(trees)
        full = [l.rstrip("\n") for l in open(os.path.join(minilm_dir(), "vocab.txt"), encoding="utf8")]
        words = [w for s in trees for w in s.words] + [w for ss, _ in names for s in ss for w in s.words] + aug.all_words() + [w for s in events for w in s.words]
        keep = choose_vocab(full, words, o.top)
        vocab = [full[i] for i in keep]
    labels |= {"act": ACT_LABELS, "status": [*MODALITIES, *POLARITIES], "about": ["act"]}
    pc, targets = Pieces(vocab), Targets(labels)
    say(f"{len(trees)} trees, {[(ss[0].src, len(ss), n) for ss, n in names]}, {len(vocab)} pieces,",
        {k: len(v) for k, v in labels.items()})
    vecs = teacher_vectors(trees, o.work) if trees else torch.zeros(1, 384)
    say("teacher vectors ready")

    m = from_minilm(o.layers, keep, labels)
    if init:
        sd = init["model"]
        more = o.layers - init["layers"]
        if more:                               # a shallower model below, MiniLM's own layers above
            sd["mix_w"] = torch.cat([sd["mix_w"], sd["mix_w"].new_full((more,), sd["mix_w"].max().item() - 1)])
        m.load_state_dict(sd, strict=False)
    groups = []
    still = ("word", "position", "ln.", "case", *(f"layer.{k}." for k in range(o.still))) if o.still else ()
    for n, p in m.named_parameters():
        if n.startswith(still):
            p.requires_grad_(False)
            continue
        if n.startswith("layer."):
            lr = o.lr * o.decay ** (o.layers - 1 - int(n.split(".")[1]))
        elif n.split(".")[0] in ("word", "position", "ln"):
            lr = o.lr * o.decay ** o.layers
        elif n.startswith("case"):
            lr = o.lr * 2
        else:
            lr = o.head_lr
        if o.freeze and not n.startswith(("head.act", "head.status", "head.about", "role")):
            lr = 0.0
        groups.append({"params": [p], "lr": lr, "weight_decay": 0.01 if p.dim() > 1 and not n.startswith("word") else 0.0})
    opt = torch.optim.AdamW(groups, betas=(0.9, 0.98), fused=True)

    def epoch_batches(e):
        r = random.Random(f"{o.seed} {e}")
        items = [(s, i) for i, s in enumerate(trees)]
        for ss, times in names:
            items += [(s, (s.src, i, k)) for i, s in enumerate(ss) for k in range(times)]
        items = r.sample(items, round(len(items) * o.rehearse))
        sents = [aug(s, f"{o.seed} {e} {k}") for s, k in items]
        sents += [change(s, f"{o.seed} {e} {i} {k}") for i, s in enumerate(events) for k in range(shown.get(s.src, o.events_times))]
        enc = [pc.encode(s.words) for s in sents]
        ok = [i for i in range(len(sents)) if len(enc[i][0]) <= 160]
        r.shuffle(ok)
        out = []
        for c in range(0, len(ok), 4000):          # sorted by length within chunks, so that batches stay mixed
            part = ok[c:c + 4000]
            out += [[part[i] for i in b] for b in batches([enc[i] for i in part], o.pieces)]
        r.shuffle(out)
        return sents, enc, out

    per_epoch = len(epoch_batches(0)[2])
    total = int(per_epoch * o.epochs)
    warm = max(1, int(total * 0.06))
    sched = torch.optim.lr_scheduler.LambdaLR(opt, lambda i: min((i + 1) / warm, max(0.0, (total - i) / (total - warm))) + 0.002)
    step = 0
    if ck:
        m.load_state_dict(ck["model"]), opt.load_state_dict(ck["opt"]), sched.load_state_dict(ck["sched"])
        step = ck["step"]
    say(f"{per_epoch} batches an epoch, {total} steps, from step {step}")

    def save(name):
        p = os.path.join(o.out, name)
        d = {"model": m.state_dict(), "labels": labels, "keep": keep, "vocab": vocab, "layers": o.layers, "step": step, "args": vars(o)}
        if name == "last.pt":
            d |= {"opt": opt.state_dict(), "sched": sched.state_dict()}
        torch.save(d, p + ".tmp")
        os.replace(p + ".tmp", p)

    m.train()
    saved, run, e = time.time(), collections.Counter(), step // per_epoch
    skip = step - e * per_epoch
    while step < total:
        sents, enc, bs = epoch_batches(e)
        for b in bs[skip:]:
            if step >= total:
                break
            torch.manual_seed(o.seed * 1_000_003 + step)
            ss = [sents[i] for i in b]
            tgs = [targets(s) for s in ss]
            vi = torch.tensor([s.vec for s in ss])
            out = losses(m, collate([enc[i] for i in b]), {k: [t[k] for t in tgs] for k in tgs[0]}, vecs[vi.clamp_min(0)].float(), vi >= 0,
                         [s.acts for s in ss], [s.about for s in ss])
            loss = sum(WEIGHT[k] * v for k, v in out.items())
            opt.zero_grad(set_to_none=True)
            loss.backward()
            torch.nn.utils.clip_grad_norm_([p for p in m.parameters() if p.requires_grad], 3.0)
            opt.step()
            sched.step()
            step += 1
            for k, v in out.items():
                run[k] += float(v.detach() if torch.is_tensor(v) else v)
            if step % 4 == 0:
                threads.adapt()
            if step % 50 == 0:
                say(f"step {step}/{total} epoch {e} threads {torch.get_num_threads()}", " ".join(f"{k} {v / 50:.3f}" for k, v in run.items()))
                run.clear()
            if time.time() - saved > o.every * 60:
                save("last.pt")
                saved = time.time()
        skip, e = 0, e + 1
    save("final.pt")
    if os.path.exists(resume):
        os.remove(resume)
    say("done")


if __name__ == "__main__":
    main()
