"""Builds evals/pages: one page for each skeleton and language, with its gold line. Run: python3 evals/pages/source/build.py

Skeletons are split into two halves by a fixed draw of their names: `dev` is for tuning, `test` for reporting only."""
import copy
import datetime
import hashlib
import json
import pathlib
import random
import skeletons_b
import wild
from parts import slug
from skeletons_a import SKELETONS

HERE = pathlib.Path(__file__).parent
OUT = HERE.parent
OUTLETS = ["The Selwyn Courier", "Northgate Herald", "Radio Valley", "Coast Tribune", "Daily Meridian", "The Lantern", "Hillside Post", "Echo del Sur", "Le Fanal", "Nordblick", "Вестник реки", "صوت الساحل", "河岸日报"]
MONTHS = {
    "en": "January February March April May June July August September October November December".split(),
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre".split(),
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split(),
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember".split(),
    "ru": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря".split(),
    "uk": "січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня".split(),
    "ar": "يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر".split(),
    "fa": "ژانویه فوریه مارس آوریل مه ژوئن ژوئیه اوت سپتامبر اکتبر نوامبر دسامبر".split(),
    "pt": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro".split(),
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre".split(),
    "tr": "Ocak Şubat Mart Nisan Mayıs Haziran Temmuz Ağustos Eylül Ekim Kasım Aralık".split(),
}

def human(day, lang, k):
    if lang in ("zh", "ja"):
        return f"{day.year}年{day.month}月{day.day}日 10:2{k % 10}" if k % 2 else f"{day.isoformat()} 10:2{k % 10}"
    month = MONTHS[lang][day.month - 1]
    if lang == "en":
        return [f"{month} {day.day}, {day.year}", f"{day.day} {month} {day.year}", f"{month[:3]}. {day.day}, {day.year}"][k % 3]
    if lang in ("es", "pt"):
        return f"{day.day} de {month} de {day.year}"
    if lang == "de":
        return f"{day.day}. {month} {day.year}" if k % 2 else f"{day:%d.%m.%Y}, 14:1{k % 10} Uhr"
    if lang in ("ru", "uk") and k % 2:
        return f"{day:%d.%m.%Y} 09:1{k % 10}"
    return f"{day.day} {month} {day.year}"

def articles():
    found = []
    for chunk in (HERE / "articles.txt").read_text().split("\n===\n"):
        a = {"authors": [], "blocks": []}
        for line in chunk.splitlines():
            if not line.strip() or (line.startswith("# ")):
                continue
            if line.startswith("@"):
                key, _, value = line[1:].partition(" ")
                if key == "author":
                    a["authors"] += [value] if value else []
                elif key == "tags":
                    a["tags"] = value.split(", ")
                else:
                    a[key] = value
            elif line.startswith("## "):
                a["blocks"].append(("#", line[3:]))
            elif line[:2] in ("> ", "- "):
                a["blocks"].append((line[0], line[2:]))
            elif line.startswith("| "):
                a["blocks"].append(("|", line))
            else:
                a["blocks"].append(("p", line))
        if "id" in a:
            found.append(a)
    return found

def gold_text(a):
    return "\n".join(" ".join(c.strip() for c in x.strip("| ").split("|")) if k == "|" else x for k, x in a.get("gold_blocks", a["blocks"]))

def main():
    texts = articles()
    names = sorted(SKELETONS, key=lambda n: hashlib.sha256(n.encode()).hexdigest())
    dev = set(names[: len(names) // 2])
    for old in OUT.glob("*.html"):
        old.unlink()
    lines, used = [], {}
    for number, name in enumerate(sorted(SKELETONS)):
        build, langs = SKELETONS[name]
        for k, lang in enumerate(langs):
            rng = random.Random(f"{name}-{lang}")
            fits = [t for t in texts if t["lang"] == lang]
            turn = used.get(lang, 0)
            used[lang] = turn + 1
            for extra in range(2 if (lang == "en" or len(langs) == 1) else 1):
                a = copy.deepcopy(fits[(turn + extra * 5) % len(fits)])
                a.setdefault("tags", ["news"])
                day = datetime.date(2009, 1, 5) + datetime.timedelta(days=rng.randrange(5800))
                later = day + datetime.timedelta(days=rng.choice([0, 0, 1, 3, 40]))
                outlet = OUTLETS[(number + extra) % len(OUTLETS)]
                site = f"https://www.{slug(outlet).replace('article', 'outlet')}.example"
                dated = rng.random() < 0.4
                url = f"{site}/{day:%Y/%m/%d}/{slug(a['title'])}" if dated else f"{site}/news/{slug(a['title'])}-{rng.randrange(10**6)}.html"
                m = dict(outlet=outlet, site=site, url=url, iso=f"{day}T0{rng.randrange(4, 10)}:1{rng.randrange(10)}:00+00:00", mod_iso=f"{later}T11:30:00+00:00", human=human(day, lang, number), mod_human=human(later, lang, number))
                page = build(a, m, rng)
                file = f"{name}-{lang}-{a['id']}.html"
                if (OUT / file).exists():
                    continue
                (OUT / file).write_text(page)
                lines.append(dict(page=file, split="dev" if name in dev else "test", skeleton=name, language=lang, title=a["title"], authors=a["authors"], outlet=outlet, published=str(day), modified=str(later), flags=[], text=gold_text(a)))
    (OUT / "wild").mkdir(exist_ok=True)
    for name, page, row in wild.pages():
        (OUT / "wild" / name).write_text(page)
        lines.append(row)
    (OUT / "gold.jsonl").write_text("".join(json.dumps(x, ensure_ascii=False) + "\n" for x in lines))
    print(len(SKELETONS), "skeletons,", len(lines), "pages,", sum(x["split"] == "dev" for x in lines), "of them dev,", sum(x["split"].startswith("wild") for x in lines), "wild")

if __name__ == "__main__":
    main()
