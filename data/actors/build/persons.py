"""Expands persons/<region>.txt into ../persons_<region>.tsv and ../roles_<region>.tsv.
"@ ISO3" sets the country; then: Name|aliases joined by ;|roles joined by "; ".
The alias * is the last word of the name. Spellings that differ by marks only need no alias: look-ups fold them. A role: OFFICE[:CODE,SECTOR] start..end[,start..end][=title]. Capital shorthands are in SHORT; an office id may stand as it is."""
import pathlib, re, unicodedata, csv
here = pathlib.Path(__file__).resolve().parent; out = here.parent
T = str.maketrans({"ø":"o","Ø":"O","ł":"l","Ł":"L","ı":"i","đ":"d","Đ":"D","ß":"ss","æ":"ae","Æ":"Ae","ə":"a","Ə":"A","ð":"d","þ":"th","Þ":"Th","’":"","'":""})
def slug(s):
    s = unicodedata.normalize("NFKD", s.translate(T)); s = "".join(c for c in s if ord(c) < 128).lower()
    return re.sub(r"[^a-z0-9]+", "-", s).strip("-")
countries = {}
for l in (out / "countries.tsv").read_text(encoding="utf-8").splitlines():
    if l.startswith("#") or l.startswith("code\t"): continue
    f = l.split("\t"); countries[f[0]] = f[1]
THE = {"USA","GBR","NLD","ARE","PHL","BHS","GMB","MDV","COM","CZE","CAF","COD","COG","DOM","SYC","SLB","MHL"}
def cname(c): return ("the " if c in THE else "") + countries[c]
SHORT = {"P":("head-of-state","GOV","President of {}"),"AP":("acting-head-of-state","GOV","Acting President of {}"),"K":("monarch","GOV","King of {}"),"Q":("monarch","GOV","Queen of {}"),"PM":("head-of-government","GOV","Prime Minister of {}"),"CH":("head-of-government","GOV","Chancellor of {}"),"APM":("acting-head-of-government","GOV","Acting Prime Minister of {}"),"VP":("vice-president","GOV","Vice President of {}"),"SL":("supreme-leader","GOV","Supreme Leader of {}"),"FM":("foreign-minister","GOV","Foreign Minister of {}"),"DM":("defence-minister","GOV","Defence Minister of {}"),"IM":("interior-minister","GOV","Interior Minister of {}"),"FIN":("finance-minister","GOV","Finance Minister of {}"),"SP":("speaker-of-parliament","LEG","Speaker of the Parliament of {}"),"CP":("crown-prince","GOV","Crown Prince of {}"),"AC":("army-chief","MIL","Army chief of {}"),"OL":("opposition-leader","OPP","Opposition leader of {}"),"MR":("military-ruler","MIL","Military ruler of {}"),"GG":("governor-general","GOV","Governor-General of {}"),"NSA":("national-security-adviser","GOV","National Security Adviser of {}"),"IC":("intelligence-chief","SPY","Intelligence chief of {}"),"CB":("central-bank-governor","GOV","Governor of the Central Bank of {}")}
offices, osec = set(), {}
for l in (out / "offices.tsv").read_text(encoding="utf-8").splitlines():
    if l.startswith("#") or l.startswith("wording\t"): continue
    f = l.split("\t"); offices.add(f[1]); osec[f[1]] = f[2]
seen = {}; errors = []; tot = [0, 0]
DATE = re.compile(r"(\d{4}(-\d{2}(-\d{2})?)?)?$")
for path in sorted((here / "persons").glob("*.txt")):
    region = path.stem; code = None; P, R = [], []
    for n, l in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not l.strip() or l.startswith("#"): continue
        if l.startswith("@ "):
            code = l[2:].strip(); continue
        parts = l.split("|")
        if len(parts) != 3: errors.append(f"{path.name}:{n}: {len(parts)} fields: {l[:60]}"); continue
        name, al, roles = (x.strip() for x in parts)
        m = re.match(r"(.*?) #([\w-]+)$", name)
        i = slug(name)
        if m: name, i = m[1], m[2]
        al = ";".join(name.split()[-1] if a.strip() == "*" else a for a in al.split(";"))
        aliases = [a.strip() for a in dict.fromkeys(al.split(";")) if a.strip() and a.strip() != name]
        if i in seen: errors.append(f"{path.name}:{n}: duplicate person {i} (also {seen[i]})"); continue
        seen[i] = f"{path.name}:{n}"
        P.append((i, name, ";".join(aliases), code))
        for r in roles.split("; "):
            r = r.strip()
            if not r: continue
            m = re.match(r"([A-Za-z-]+)(?::([A-Z]{3}),([A-Z]{3}))? ([\d.,-]+)(?:=(.+))?$", r)
            if not m: errors.append(f"{path.name}:{n}: bad role {r!r}"); continue
            o, rc, rs, spans, title = m.groups()
            if o in SHORT: o2, s2, t2 = SHORT[o]; t2 = t2.format(cname(rc or code)) if (rc or code) in countries else ""
            else: o2, s2, t2 = o, osec.get(o, "GOV"), ""
            if o2 not in offices: errors.append(f"{path.name}:{n}: unknown office {o2}"); continue
            for sp in spans.split(","):
                a, _, b = sp.partition("..")
                if not DATE.match(a) or not DATE.match(b) or (a and b and a > b): errors.append(f"{path.name}:{n}: bad dates {sp}"); continue
                R.append((i, o2, rc or code, rs or s2, a, b, title or t2))
    note = """# Origin: own work from general knowledge (build/persons/{}.txt, build/persons.py). Licence: CC0. No row is copied from Archigos or any other leader table.
"""
    (out / f"persons_{region}.tsv").write_text(f"# persons_{region}.tsv: persons in political news.\n" + note.format(region) + "# id: unique over all persons*.tsv. aliases: other spellings and short forms, joined by ; (short forms need context). code: ISO-3 or IGO, UNO, EUR, IMG ...\nid\tname\taliases\tcode\n" + "".join("\t".join(p) + "\n" for p in P), encoding="utf-8")
    (out / f"roles_{region}.tsv").write_text(f"# roles_{region}.tsv: who held which office, and when.\n" + note.format(region) + "# person: id in persons*.tsv. office: id in offices.tsv. start, end: ISO day, month or year; end exclusive; empty end = in office as far as known when written (knowledge is thin after mid-2025); empty start = not known.\n# A victim, journalist or commander with an end was killed or died then.\nperson\toffice\tcode\tsector\tstart\tend\ttitle\n" + "".join("\t".join(r) + "\n" for r in R), encoding="utf-8")
    print(region, len(P), len(R)); tot[0] += len(P); tot[1] += len(R)
print(tot, *errors, sep="\n")
