"""Derives ../countries.tsv: names from CLDR, ISO-3 and official names from ISO 3166 (pycountry), the rest from countries_hand.txt."""
import pycountry, pathlib, datetime, babel
from babel import Locale
here = pathlib.Path(__file__).resolve().parent
en = Locale("en").territories
hand = {}
for line in (here / "countries_hand.txt").read_text(encoding="utf-8").splitlines():
    if not line or line.startswith("#"): continue
    f = line.split("|"); assert len(f) == 7, line
    assert f[0] not in hand, f[0]
    hand[f[0]] = f
codes = {c.alpha_3: c for c in pycountry.countries}
assert set(codes) | {"XKX"} == set(hand), set(codes) ^ set(hand)
rows = []
def uniq(xs):
    out = []
    for x in xs:
        x = x.strip()
        if x and x not in out: out.append(x)
    return out
for code in sorted(hand):
    _, name, dem, ali, cap, met, form = hand[code]
    c = codes.get(code)
    cldr = en[c.alpha_2 if c else "XK"]
    name = name or cldr
    extra = []
    if c:
        extra = [cldr, cldr.replace(" & ", " and ")]
        off = getattr(c, "official_name", "")
        if off and "," not in off: extra.append(off)
        com = getattr(c, "common_name", "")
        if com and "," not in com: extra.append(com)
        if "," not in c.name: extra.append(c.name)
    bad = {name, "Congo", "Korea", "Republic of Korea" if code == "PRK" else ""}
    aliases = [a for a in uniq(ali.split(";") + extra) if a not in bad and "Congo - " not in a and "SAR China" not in a]
    rows.append([code, name, ";".join(aliases), ";".join(uniq(dem.split(";"))), ";".join(uniq(cap.split(";"))), ";".join(uniq(met.split(";"))), ";".join(uniq(form.split(";")))])
head = f"""# countries.tsv: every country and territory by ISO 3166 alpha-3 code (XKX for Kosovo), and the words that mean it.
# Origin: names from CLDR (PyPI babel {babel.__version__}) and ISO 3166 (PyPI pycountry); demonyms, aliases, capitals, metonyms and former names own work (build/countries_hand.txt). Rebuild: python data/actors/build/countries.py
# Licence: CLDR names Unicode-3.0; the rest CC0.
# aliases, demonyms (adjectives and people nouns), capital (spellings and seats of government), former: joined by ;
# metonyms: name=SECTOR joined by ; sector is GOV, LEG, MIL, JUD, SPY, COP, PTY or ROY
# A word may stand in two rows where it is truly ambiguous (Congolese); single ambiguous names (Congo, Korea) are left out.
"""
(here.parent / "countries.tsv").write_text(head + "code\tname\taliases\tdemonyms\tcapital\tmetonyms\tformer\n" + "".join("\t".join(r) + "\n" for r in rows), encoding="utf-8")
print(len(rows))
