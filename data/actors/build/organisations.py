"""Writes ../organisations.tsv from organisations_src.txt."""
import pathlib, re, unicodedata
here = pathlib.Path(__file__).resolve().parent
T = str.maketrans({"ø":"o","Ø":"O","ł":"l","ı":"i","đ":"d","ß":"ss","æ":"ae","&":" and ","+":" plus","’":"","'":""})
def slug(s):
    s = unicodedata.normalize("NFKD", s.translate(T)); s = "".join(c for c in s if ord(c) < 128).lower()
    return re.sub(r"[^a-z0-9]+", "-", s).strip("-")
rows, ids, cur = [], set(), None
for l in (here / "organisations_src.txt").read_text(encoding="utf-8").splitlines():
    if not l or l.startswith("# "): continue
    if l.startswith("@ "): cur = l.split()[1:]; assert len(cur) == 3, l; continue
    name, al = l.split("|"); assert cur
    m = re.match(r"(.*?) #([\w-]+)$", name)
    if m: name, i = m[1], m[2]
    else: i = slug(name)
    aliases = [a for a in dict.fromkeys(al.split(";")) if a and a != name]
    base = re.sub(r" \([A-Z].*\)$", "", name)
    shown = base if base != name else name
    if i in ids: print("dup id", i); i += "-" + cur[0].lower()
    ids.add(i)
    aliases = [re.sub(r" \([A-Z].*\)$", "", a) for a in aliases]
    rows.append([cur[2], cur[0], i, shown, ";".join(dict.fromkeys(a for a in aliases if a != shown)), cur[0], cur[1], cur[2]])
order = "igo alliance union court parliament ministry army security party militia rebel ngo religious company media".split()
rows.sort(key=lambda r: (order.index(r[0]), r[1], r[2]))
(here.parent / "organisations.tsv").write_text("""# organisations.tsv: bodies with a name of their own that act in, or are cited by, political news.
# Origin: own work (build/organisations_src.txt, organisations.py). Licence: CC0.
# code: ISO-3 for national bodies, else IGO UNO EUR NGO ISM IMG MNC. sector: PLOVER sector; IGO for bodies between states; REL for religious ones.
# kind: igo alliance union court parliament ministry army security party militia rebel ngo religious company media.
# Rows of kind media are cited, never event actors. The same name may stand in several rows (Labour Party, National Liberation Front): country and context decide. sector of armed groups is their habitual role, not their present legal one.
id\tname\taliases\tcode\tsector\tkind
""" + "".join("\t".join(r[2:]) + "\n" for r in rows), encoding="utf-8")
print(len(rows))
import collections
print(collections.Counter(r[0] for r in rows))
