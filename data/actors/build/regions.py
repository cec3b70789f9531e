"""Writes ../../places/regions.tsv from regions_src.txt: kind heads, then name|ISO-3|lat|lon."""
import pathlib
here = pathlib.Path(__file__).resolve().parent
rows, kind, seen = [], None, set()
for l in (here / "regions_src.txt").read_text(encoding="utf-8").splitlines():
    if not l or l.startswith("# "): continue
    if l.startswith("@ "): kind = l[2:].strip(); continue
    f = l.split("|"); assert len(f) in (4, 5), l
    name, c, la, lo = f[:4]
    if la: assert -90 <= float(la) <= 90 and -180 <= float(lo) <= 180, l
    for n in name.split(";"):
        if (n, c) in seen: print("dup", n, c); continue
        seen.add((n, c)); rows.append((kind, c, n, la, lo))
rows.sort(key=lambda r: (r[0], r[1], r[2]))
(here.parent.parent / "places" / "regions.tsv").write_text("""# regions.tsv: places in political news that are not cities: regions, provinces, small towns, border posts, rivers, straits, seas, islands, airports, bases, disputed areas, sites, world regions.
# Origin: own work, coordinates rounded to about 0.1 degree. Licence: CC0.
# country: ISO-3, empty where it spans several or none. Spellings of one place stand on lines of their own with the same point. lat, lon empty for wide regions.
name\tcountry\tlat\tlon\tkind
""" + "".join("\t".join((r[2], r[1], r[3], r[4], r[0])) + "\n" for r in rows), encoding="utf-8")
print(len(rows))
