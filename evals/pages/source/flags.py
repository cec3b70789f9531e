"""Writes evals/pages/flags.jsonl from flags.txt, with the English articles as clean texts. Run: python3 flags.py"""
import json
from build import HERE, articles

def main():
    rows = []
    for chunk in ("\n" + (HERE / "flags.txt").read_text()).split("\n@id ")[1:]:
        name, flags, split, text = chunk.split("\n", 3)
        rows.append(dict(id=name, split=split[7:], flags=flags[7:].split(), text=text.strip() + "\n"))
    english = [a for a in articles() if a["lang"] == "en" and a["id"] != "column"]
    for i, a in enumerate(english):
        text = a["title"] + "\n\n" + "\n".join(x for k, x in a["blocks"] if k in "p>")
        rows.append(dict(id="clean-" + a["id"], split="dev" if i % 2 else "test", flags=[], text=text + "\n"))
    (HERE.parent / "flags.jsonl").write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in rows))
    print(len(rows), "texts")

main()
