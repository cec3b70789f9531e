"""Pages written by hand, one by one, each with its gold text marked in it: `source/wild/NAME.html`.

A page begins with a comment of facts (title, authors, outlet, day). Text between ⟦ and ⟧ is gold, a line each; where the
text stands in a script, lines `gold` of the comment say it. `{{comments STYLE N}}` stands for N reader comments.
`build.py` writes the pages without marks to `wild/`, and their gold lines. A third of the pages, drawn by the hash of
their names, is `wild-test`, for reporting only."""
import hashlib
import html
import pathlib
import random
import re

HERE = pathlib.Path(__file__).parent
MARK = re.compile("⟦(.*?)⟧", re.S)
NAMES = "kestrel44|Moira|ex_councillor|R. Pym|Just Saying|tom of the hill|Anon|Lady Bracket|grumpy|two_left_feet|Wanda|P. Harrow".split("|")
REMARKS = """I have lived here for forty years and have never seen anything like it. Somebody should resign, and we all know who.
Agree with every word.
Could the author please say where the figures come from? I looked on the council's page and found something quite different, about half of it in fact.
First!
My cousin was there and says it was nothing like this. The papers always make it bigger than it is because that sells papers.
@Moira you say that every time, and every time you are wrong. Look up what happened in 1998 before you write such nonsense again.
Who pays for all this? We do. Who asked us? Nobody did. That is the whole story of this town in two lines.
Lovely picture by the way, whoever took it.
This comment was removed by a moderator because it didn't abide by our community standards.
I wrote to the editor about this in March and got no answer. Perhaps now that it is in the news somebody will read my letter, which ran to four pages.
Can we stop blaming the young for once? They were not even born when the contract was signed.
lol
There are two sides to it. On the one hand the money is gone, on the other hand it was never there. I would like to see the books before I say more.
I remember the old days, when you could leave your bicycle in front of the library all night and find it there in the morning with air in the tyres.
Typical.
As someone who works in the trade I can tell you that the price quoted is far too low. Add a third for scaffolding and another third for tea.""".split("\n")

def comment(style, number, rng):
    name, text, day = rng.choice(NAMES), rng.choice(REMARKS), 1 + number % 28
    if style == "blogger":
        return f"<dt class='comment-author blogger-comment-icon'><a href='#'>{name}</a> said...</dt><dd class='comment-body'><p>{text}</p></dd><dd class='comment-footer'><span class='comment-timestamp'>{day} November 2012 at {number % 24}:10</span></dd>"
    if style == "wp":
        return f"<li class=\"comment even depth-1\"><article class=\"comment-body\"><footer class=\"comment-meta\"><b class=\"fn\">{name}</b> <span class=\"says\">says:</span> <time>December {day}, 2017 at 9:{10 + number % 50} am</time></footer><div class=\"comment-content\"><p>{text}</p></div><div class=\"reply\"><a>Reply</a></div></article></li>"
    if style == "hash":
        return f"<div class=\"x9f2\"><div class=\"x9f3\"><b>{name}</b> {number % 24}:0{number % 10}, {day} Aug</div><div class=\"x9f4\">{text}</div><div class=\"x9f5\"><a>Reply</a> <a>Report</a> Score: {number % 9}</div></div>"
    return f"<div class=\"comment\"><div class=\"comment-head\">{name} <span>{day}d ago</span></div><div class=\"comment-text\"><p>{text}</p></div><a>Like ({number % 7})</a><a>Reply</a></div>"

def comments(match, rng):
    return "".join(comment(match[1], i, rng) for i in range(int(match[2])))

def plain(piece):
    return " ".join(html.unescape(re.sub(r"<[^>]+>", "", piece)).split())

def facts(text):
    head, _, page = text.partition("-->\n")
    found = {"author": [], "gold": []}
    for line in head.splitlines()[1:]:
        key, _, value = line.partition(" ")
        if key in ("author", "gold"):
            found[key] += [value] if value else []
        else:
            found[key] = value
    return found, page

def pages():
    """Name, page and gold line of every page."""
    files = sorted((HERE / "wild").glob("*.html"))
    drawn = sorted(files, key=lambda f: hashlib.sha256(f.stem.encode()).hexdigest())
    test = set(drawn[: len(drawn) // 3])
    for file in files:
        fact, page = facts(file.read_text())
        rng = random.Random(file.stem)
        gold = fact["gold"] or [plain(x) for x in MARK.findall(page)]
        page = re.sub(r"\{\{comments (\w+) (\d+)\}\}", lambda m: comments(m, rng), page)
        page = page.replace("⟦", "").replace("⟧", "").replace("<a>", '<a href="#">')
        row = dict(page=f"wild/{file.name}", split="wild-test" if file in test else "wild", skeleton=file.stem, language=fact["language"], title=fact["title"], authors=fact["author"], outlet=fact["outlet"], published=fact["published"], modified=fact["published"], flags=[], text="\n".join(gold))
        yield file.name, page, row
