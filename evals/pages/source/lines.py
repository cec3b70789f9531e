"""Writes evals/pages/lines.jsonl: pages that somebody stripped of their markup badly, with the kind of every line.

Run: python3 evals/pages/source/lines.py. Split by template: `dev` for tuning, `test` for reporting only."""
import json
import pathlib
import random
from build import HERE, articles
from parts import COMMENTS, HEADS, SUMS, WORDS, e

TEMPLATES = []

def template(split):
    def keep(f):
        TEMPLATES.append((f, split))
        return f
    return keep

def text(a, subheads=True, upto=None):
    out = []
    for kind, x in a["blocks"][:upto]:
        if kind == "#":
            if subheads:
                out.append(("subhead", x))
        elif kind != "|":
            out.append(("body", x))
    return out

def by(a):
    return [x for x in a["authors"] if len(x.split()) == 2][:1] or ["Maren Okafor"]

def heads(rng, n):
    return [("related_headline", x) for x in rng.sample(HEADS["en"], n)]

@template("dev")
def crawler_menu(a, rng):
    return [("dateline", "date 2018-11-04"), ("navigation", "Home World Politics Business Sport Culture Weather Newsletters Sign in"), ("title", a["title"]), ("byline", f"By {by(a)[0]}"), ("dateline", "November 4, 2018")] + text(a) + [("navigation", "Share on Facebook Tweet WhatsApp Email"), ("related_headline", "Related articles")] + heads(rng, 3) + [("navigation", "© 2018 The Lantern. All rights reserved.")]

@template("test")
def broken_portal(a, rng):
    return [("navigation", "Skip to content"), ("navigation", "Menu"), ("navigation", "Home"), ("navigation", "News"), ("navigation", "Sport"), ("navigation", "Opinion"), ("title", a["title"]), ("dateline", "Published: 4 November 2018, 10:15 GMT"), ("byline", f"{by(a)[0]}"), ("navigation", "Share"), ("navigation", "Tweet")] + text(a) + [("navigation", "Tags: " + ", ".join(a["tags"])), ("related_headline", "Read more")] + heads(rng, 4) + [("form", "Subscribe to our newsletter"), ("form", "Enter your email address"), ("navigation", "Privacy policy"), ("navigation", "Terms of use")]

@template("dev")
def blog_comments(a, rng):
    out = [("title", a["title"]), ("dateline", "Posted on March 3, 2021"), ("byline", f"by {by(a)[0]}")] + text(a) + [("navigation", "Share this:"), ("comment", "5 Comments")]
    for who, said in COMMENTS["en"][:4]:
        out += [("comment", f"{who} says:"), ("comment", said), ("comment", "Reply")]
    return out + [("form", "Leave a Reply"), ("form", "Your email address will not be published. Required fields are marked *")]

@template("test")
def blog_comments_dated(a, rng):
    out = [("navigation", "Home » News » Region"), ("title", a["title"]), ("dateline", "7 March 2021")] + text(a) + [("form", "Leave a comment"), ("form", "Name"), ("form", "Email"), ("form", "Website")]
    for i, (who, said) in enumerate(COMMENTS["en"][:4]):
        out += [("comment", f"{who} on 8 March 2021 at 10:0{i} wrote:"), ("comment", said)]
    return out

@template("dev")
def spam_tail(a, rng):
    return [("title", a["title"]), ("dateline", "12 June 2016")] + text(a) + [("comment", "Comments"), ("spam", "Buy cheap viagra online at best-pills.example now, no prescription"), ("spam", "Make money online from home visit www.quick-cash.example today"), ("comment", "I agree with the first speaker, it should have been done long ago.")]

@template("test")
def spam_tail_two(a, rng):
    return [("title", a["title"]), ("byline", f"By {by(a)[0]}"), ("dateline", "12 June 2016")] + text(a) + [("form", "Leave a Reply"), ("spam", "Online casino bonus no deposit at lucky-spin.example click here"), ("spam", "replica watches cheap price www.best-replica.example")]

@template("dev")
def foreign_tail(a, rng):
    return [("title", a["title"]), ("dateline", "LUSK, Nov 12 2019")] + text(a) + [("foreign", "اقرأ الخبر باللغة العربية على موقعنا كل يوم"), ("foreign", "Читайте новости на русском языке на нашем сайте"), ("navigation", "Follow us on Twitter")]

@template("test")
def foreign_mixed(a, rng):
    return [("foreign", "本报讯 更多内容请访问我们的中文网站"), ("navigation", "Home | World | Business | Sport | Contact"), ("title", a["title"]), ("dateline", "Tuesday, 12 November 2019")] + text(a) + [("foreign", "المزيد من الأخبار على صفحتنا الرئيسية"), ("navigation", "All rights reserved")]

@template("dev")
def doubled_head(a, rng):
    t = a["teaser"] or SUMS["en"][0]
    return heads(rng, 2) + [("title", a["title"]), ("title", a["title"]), ("dateline", "10:40, 22 July 2020"), ("byline", f"By {by(a)[0]} in Lusk")] + text(a) + [("related_headline", "You may also like")] + heads(rng, 3)

@template("test")
def doubled_head_two(a, rng):
    return [("title", a["title"]), ("navigation", "Facebook Twitter LinkedIn Email Print"), ("title", a["title"]), ("byline", f"From {by(a)[0]}, our correspondent"), ("dateline", "Updated: 23 July 2020 11:00 | Created: 22 July 2020 10:40")] + text(a) + [("related_headline", "More from this section")] + heads(rng, 3) + [("advertisement", "Advertisement")]

@template("dev")
def consent_front(a, rng):
    return [("cookie_notice", WORDS["en"]["cookie"]), ("cookie_notice", "Accept all cookies"), ("navigation", "Search"), ("title", a["title"])] + text(a) + [("navigation", "Back to top"), ("navigation", "About us Contact Advertise Careers")]

@template("test")
def consent_front_two(a, rng):
    return [("cookie_notice", "We value your privacy and use cookies to personalise content and ads."), ("cookie_notice", "Manage preferences"), ("navigation", "Toggle navigation"), ("title", a["title"]), ("dateline", "Monday 3 May 2021")] + text(a) + [("advertisement", "Sponsored content"), ("form", "Sign up for our newsletter"), ("navigation", "Copyright 2021 Hillside Post")]

@template("dev")
def inner_noise(a, rng):
    body = text(a)
    return [("title", a["title"]), ("byline", f"By {by(a)[0]}")] + body[:2] + [("advertisement", "ADVERTISEMENT"), body[2], ("related_headline", "Read also: " + rng.choice(HEADS["en"]))] + body[3:5] + [("navigation", "Story continues below advertisement")] + body[5:] + [("navigation", "Editing by A. Desk")]

@template("test")
def inner_noise_two(a, rng):
    body = text(a)
    return [("navigation", "Breaking news"), ("title", a["title"]), ("dateline", "June 5, 2019")] + body[:3] + [("advertisement", "Advertisement")] + body[3:4] + [("related_headline", "See also: " + rng.choice(HEADS["en"])), ("form", "Sign up to our daily newsletter")] + body[4:] + [("navigation", "Follow us on Facebook"), ("navigation", "Download our app")]

def main():
    english = [a for a in articles() if a["lang"] == "en" and a["id"] not in ("budget", "summit", "election")]
    rows = []
    for n, (build, split) in enumerate(TEMPLATES):
        for k in range(3):
            a = english[(n * 3 + k) % len(english)]
            a.setdefault("tags", ["news"])
            lines = build(a, random.Random(f"{build.__name__}{k}"))
            rows.append(dict(id=f"{build.__name__}-{a['id']}", split=split, lines=lines))
    (HERE.parent / "lines.jsonl").write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in rows))
    print(len(rows), "pages")

main()
