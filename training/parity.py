"""Writes crates/parse/tests/parity.json: what the exported weights, dequantised to f32, give for own-written sentences."""
import argparse
import json
import os

import torch

from data import HERE, Pieces
from model import Lin, load_exported
from parse import predict

SENTENCES = """The president arrived in the capital on Tuesday .
Somali President Abdirahman Farole met Kenyan Foreign Minister Wanjiru Otieno in Kismayo .
Police fired tear gas at protesters , killing two people .
" We will not surrender , " the rebel leader told AFP by phone .
He said that the army had not taken part in the coup .
The talks , which began in March , were suspended after the attack .
Foreign Minister Şükrü Öztürk was received by Emir Tamim Al - Kuwari in Doha .
N'Djamena expelled the German ambassador , the ministry said in a statement .
Did the minister resign ?
They have n't signed the agreement yet .
FIVE KILLED IN BOMBING NEAR MOSQUE IN QUETTA
parliament approves budget after long debate
Ouagadougou , 3 May ( AIB ) - The Council of Ministers adopted a decree .
The Côte d'Ivoire delegation left the hall in protest .
In 2019 , 1,250 soldiers from 14 countries took part in the exercise .
The U.S. - led coalition said it had carried out 12 strikes .
She was elected with 51.3 % of the vote .
Opposition parties called for a strike ; unions refused .
President Nguyễn Văn Hùng and his counterpart signed three agreements .
The minister , accompanied by a large delegation , will visit the region next week .
Iran 's ambassador denied the accusation .
Citing two officials , Reuters reported that the general had been arrested .
If the rebels do not withdraw , the army will attack , he warned .
The prisoners were released on Friday thanks to mediation by Qatar .
Al - Shabaab claimed responsibility .
I do n't know who ordered it .
the 45 - year - old former mayor of Tirana was sentenced to life in prison
Mr. J. K. Mwangi , 62 , chairs the commission .
Минск and القاهرة were mentioned in the cable .
東京 protested to Moscow over the islands .
€ 3m in aid was promised ...
The Grand Ethiopian Renaissance Dam remains a matter of dispute between Egypt , Sudan and Ethiopia .
In the Mali the minister of the defense has been received by his counterpart of Russia .
Head of state appointed new akim of region .
General Haftar's forces shelled the port .
Lawmakers voted 81 to 20 to ratify the treaty .
Both sides accused each other of breaking the cease-fire .
antidisestablishmentarianismwithoutendandwithoutpurposewhatsoever @user_name https://example.org/a?b=c
Go home .
Yes""".split("\n")


def main():
    a = argparse.ArgumentParser()
    a.add_argument("--model", default=os.path.join(HERE, "../data/model/fast.safetensors"))
    a.add_argument("--out", default=os.path.join(HERE, "../crates/parse/tests/parity.json"))
    o = a.parse_args()
    m, vocab = load_exported(o.model)
    torch.set_num_threads(1)
    pc = Pieces(vocab)
    r6 = lambda xs: [round(x, 5) for x in xs]
    out = []
    for s in SENTENCES:
        d = predict(m, pc, [s.split()], raw=True)[0]
        out.append({"words": d["words"], "pieces": d["ids"], "upos": d["upos"], "xpos": d["xpos"], "lemma_rule": d["rule"],
                    "lemma": d["lemma"], "ner": d["ner"], "head": d["head"], "rel": d["rel"],
                    "upos_logits": [r6(x[:8]) for x in d["upos_logits"]], "arc": [r6(x) for x in d["arc"][:3]],
                    "sent": r6(d["sent"][:8])})
    Lin.act_quant = True                    # how far a reader with 8-bit activations is expected to be off
    worst, total, count, sent, labels, same, arcs = 0.0, 0.0, 0, 0.0, 0, 0, 0.0
    for s in out:
        d = predict(m, pc, [s["words"]], raw=True)[0]
        off = [abs(x - y) for p, q in zip(s["upos_logits"], d["upos_logits"]) for x, y in zip(p, q)]
        worst, total, count = max([worst] + off), total + sum(off), count + len(off)
        arcs = max([arcs] + [abs(x - y) for p, q in zip(s["arc"], d["arc"]) for x, y in zip(p, q)])
        sent = max([sent] + [abs(x - y) for x, y in zip(s["sent"], d["sent"])])
        for k in ("upos", "xpos", "ner", "head", "rel"):
            labels += len(s[k])
            same += sum(x == y for x, y in zip(s[k], d[k]))
    Lin.act_quant = False
    bound = {"upos_logit_max": round(worst * 2, 2), "upos_logit_mean": round(total / count * 2, 3), "arc_max": round(arcs * 2, 2),
             "sent_max": round(sent * 2, 4), "labels_differing": max(0.005, round(2 * (1 - same / labels), 4))}   # one arc read otherwise is several labels
    doc = {"model": os.path.basename(o.model), "layers": len(m.layer), "bound": bound,
           "about": "f32 weights and f32 activations, one sentence a pass. `bound` is twice what 8-bit activations, imitated in "
                    "PyTorch (one scale per row, all i8 layers), changed here; a reader with f32 activations should agree to 1e-3. "
                    "`arc` holds the first 3 words' scores of heads 0 (root) to n. Name tags are the best row (Viterbi).",
           "sentences": out}
    os.makedirs(os.path.dirname(o.out), exist_ok=True)
    with open(o.out + ".tmp", "w", encoding="utf8") as f:
        f.write(json.dumps(doc, ensure_ascii=False).replace('{"words"', '\n{"words"') + "\n")
    os.replace(o.out + ".tmp", o.out)
    print(o.out, len(out), "sentences", bound)


if __name__ == "__main__":
    main()
