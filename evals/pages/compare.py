"""Compares extractors on evals/pages in one run on one core: 4-gram F1, and pages a second with metadata.

  python3 evals/pages/compare.py EXTRACT_PROGRAM DATA_DIR [dev|test|wild|wild-test|all] [--misses]

EXTRACT_PROGRAM is `cargo build --release -p polybius-ingest --example extract`'s result. Python trafilatura takes part
where it is installed (pip install trafilatura). Figures as in the public article extraction benchmark: 4-grams of
`\\w+` words, counts of each page divided by their sum, precision and recall over all pages."""
import collections
import json
import pathlib
import re
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).parent

def grams(text):
    words = re.findall(r"\w+", text or "", re.UNICODE)
    return collections.Counter(tuple(words[i:i + 4]) for i in range(max(1, len(words) - 3))) if words else collections.Counter()

def counts(gold, found):
    g, f = grams(gold), grams(found)
    tp, fp, fn = sum((g & f).values()), sum((f - g).values()), sum((g - f).values())
    total = tp + fp + fn
    return (tp / total, fp / total, fn / total) if total else (0, 0, 0)

def figures(gold, found):
    rows = {x["page"]: counts(x["text"], found.get(x["page"], "")) for x in gold}
    tp, fp, fn = (sum(r[i] for r in rows.values()) for i in range(3))
    p, r = tp / max(tp + fp, 1e-9), tp / max(tp + fn, 1e-9)
    return p, r, 2 * p * r / max(p + r, 1e-9), rows

def main():
    args = [x for x in sys.argv[1:] if not x.startswith("--")]
    split = args[2] if len(args) > 2 else "all"
    gold = [json.loads(x) for x in (HERE / "gold.jsonl").read_text().splitlines()]
    gold = [x for x in gold if split == "all" or x["split"] == split]
    files = [str(HERE / x["page"]) for x in gold]
    rounds = "5" if "--speed" in sys.argv else "1"
    run = subprocess.run([args[0], args[1], rounds, *files], capture_output=True, text=True, check=True)
    ours = {str(pathlib.Path(x["path"]).relative_to(HERE)): x for x in map(json.loads, run.stdout.splitlines())}
    p, r, f, rows = figures(gold, {k: v.get("text", "") for k, v in ours.items()})
    print(f"polybius     precision {p:.4f} recall {r:.4f} F1 {f:.4f}   {run.stderr.strip()}")
    right = {"title": 0, "byline": 0, "outlet": 0, "date right": 0, "date refused": 0, "date wrong": 0}
    for x in gold:
        o = ours.get(x["page"], {})
        right["title"] += o.get("title") == x["title"]
        right["byline"] += (o.get("byline") or "") == ", ".join(x["authors"])
        right["outlet"] += o.get("outlet") == x["outlet"]
        d = o.get("published_at")
        right["date right" if d == x["published"] else "date refused" if d is None else "date wrong"] += 1
    print("             " + ", ".join(f"{k} {v}" for k, v in right.items()), "of", len(gold))
    theirs = None
    try:
        import trafilatura
    except ImportError:
        print("trafilatura is not installed")
    else:
        pages = [pathlib.Path(x).read_text() for x in files]
        trafilatura.bare_extraction(pages[0], with_metadata=True)
        start = time.time()
        found = {}
        for x, page in zip(gold, pages):
            doc = trafilatura.bare_extraction(page, with_metadata=True, include_comments=False)
            found[x["page"]] = (doc.text if doc else "") or ""
        seconds = time.time() - start
        p, r, f, theirs = figures(gold, found)
        print(f"trafilatura  precision {p:.4f} recall {r:.4f} F1 {f:.4f}   {len(gold) / seconds:.1f} pages/s")
    if "--misses" in sys.argv:
        for page, (tp, fp, fn) in sorted(rows.items(), key=lambda kv: kv[1][0]):
            if tp < 0.97:
                t = f"  trafilatura {theirs[page][0]:.2f}" if theirs else ""
                print(f"{page:45} right {tp:.2f} too much {fp:.2f} missing {fn:.2f}{t}")

main()
