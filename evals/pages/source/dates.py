"""Writes evals/pages/dates.jsonl: short pages whose date is the question. Run: python3 evals/pages/source/dates.py

`None` is for pages where a careful reader would not say. Every second case is `dev`, the others `test`."""
import json
import pathlib

TEXT = {
    "en": ["The council of Marrow Bay approved a new harbour wall after a debate of six hours, officials said.", "The wall is to be built in three stages, the first of which begins next spring, and will cost 41 million.", "Residents asked for a longer consultation, which the council refused by a single vote in the end."],
    "xx": ["— — — — — — — — — — — — — — — — — — — —"],
}
LOCAL = {
    "de": "Der Rat der Stadt beschloss nach sechs Stunden Debatte den Bau einer neuen Hafenmauer, teilte die Verwaltung mit.",
    "fr": "Le conseil municipal a approuvé après six heures de débat la construction d'une nouvelle digue, a annoncé la mairie.",
    "es": "El concejo aprobó tras seis horas de debate la construcción de un nuevo muro en el puerto, informaron las autoridades.",
    "it": "Il consiglio comunale ha approvato dopo sei ore di dibattito la costruzione di una nuova diga, ha reso noto il comune.",
    "pt": "A câmara aprovou após seis horas de debate a construção de um novo muro no porto, informaram as autoridades locais.",
    "ru": "Городской совет после шести часов обсуждения одобрил строительство новой стены в порту, сообщили власти города.",
    "uk": "Міська рада після шести годин обговорення схвалила будівництво нової стіни в порту, повідомила влада міста.",
    "pl": "Rada miasta po sześciu godzinach debaty zatwierdziła budowę nowego muru w porcie, poinformowały władze miasta.",
    "cs": "Zastupitelé po šesti hodinách debaty schválili stavbu nové přístavní zdi, oznámil v pátek městský úřad.",
    "hu": "A városi tanács hat órás vita után jóváhagyta az új kikötői fal építését, közölte pénteken a hivatal.",
    "ro": "Consiliul local a aprobat după șase ore de dezbateri construirea unui nou dig în port, au anunțat autoritățile.",
    "el": "Το δημοτικό συμβούλιο ενέκρινε μετά από έξι ώρες συζήτησης την κατασκευή νέου τείχους στο λιμάνι, ανακοίνωσε ο δήμος.",
    "tr": "Belediye meclisi altı saatlik tartışmanın ardından limanda yeni bir duvar yapılmasını onayladı, yetkililer açıkladı.",
    "nl": "De gemeenteraad keurde na zes uur debat de bouw van een nieuwe havenmuur goed, aldus de gemeente vrijdag.",
    "sv": "Kommunfullmäktige godkände efter sex timmars debatt bygget av en ny mur i hamnen, meddelade kommunen.",
    "fi": "Kaupunginvaltuusto hyväksyi kuuden tunnin keskustelun jälkeen uuden satamamuurin rakentamisen, kaupunki kertoi.",
    "da": "Byrådet godkendte efter seks timers debat opførelsen af en ny mur i havnen, oplyste kommunen fredag.",
    "hr": "Gradsko vijeće odobrilo je nakon šest sati rasprave gradnju novog zida u luci, priopćile su gradske vlasti.",
    "sr": "Градско веће је после шест сати расправе одобрило изградњу новог зида у луци, саопштиле су власти.",
    "bg": "Общинският съвет одобри след шест часа дебат изграждането на нова стена на пристанището, съобщиха властите.",
    "lt": "Miesto taryba po šešių valandų diskusijų patvirtino naujos sienos uoste statybą, pranešė savivaldybė.",
    "lv": "Pilsētas dome pēc sešu stundu debatēm apstiprināja jaunas ostas sienas būvniecību, paziņoja pašvaldība.",
    "id": "Dewan kota menyetujui pembangunan tembok pelabuhan baru setelah debat enam jam, kata pejabat setempat.",
    "vi": "Hội đồng thành phố đã thông qua việc xây dựng bức tường cảng mới sau sáu giờ tranh luận, chính quyền cho biết.",
    "ar": "وافق مجلس المدينة بعد نقاش استمر ست ساعات على بناء جدار جديد في الميناء، وفق ما أعلن مسؤولون محليون.",
    "fa": "شورای شهر پس از شش ساعت بحث ساخت دیوار تازه‌ای در بندر را تصویب کرد، مقام‌های محلی اعلام کردند.",
    "he": "מועצת העיר אישרה לאחר שש שעות של דיון את בניית הקיר החדש בנמל, כך מסרו גורמים בעירייה.",
    "ur": "شہر کی کونسل نے چھ گھنٹے کی بحث کے بعد بندرگاہ میں نئی دیوار کی تعمیر کی منظوری دے دی، حکام نے بتایا۔",
    "hi": "नगर परिषद ने छह घंटे की बहस के बाद बंदरगाह में नई दीवार के निर्माण को मंजूरी दे दी, अधिकारियों ने बताया।",
    "bn": "ছয় ঘণ্টা বিতর্কের পর নগর পরিষদ বন্দরে নতুন দেয়াল নির্মাণের অনুমোদন দিয়েছে বলে কর্মকর্তারা জানিয়েছেন।",
    "th": "สภาเมืองอนุมัติการก่อสร้างกำแพงท่าเรือแห่งใหม่หลังการอภิปรายนานหกชั่วโมง เจ้าหน้าที่กล่าวเมื่อวันศุกร์",
    "zh": "市议会经过六小时的辩论，批准在港口修建新的堤墙，官员周五表示，工程将分三期进行。",
    "ja": "市議会は六時間に及ぶ審議の末、港に新しい防波壁を建設する案を可決したと当局が金曜日に発表した。",
    "ko": "시의회는 여섯 시간의 토론 끝에 항구에 새 방벽을 건설하는 안을 승인했다고 당국이 금요일 밝혔다.",
}
CASES = []

def page(case, published, head="", before="", line="", after="", lang="en", url=None, title="Harbour wall approved", foot=""):
    paragraphs = TEXT["en"] if lang.split("-")[0] == "en" else [LOCAL[lang.split("-")[0]]] * 3
    text = "".join(f"<p>{p}</p>" for p in paragraphs)
    html = (f'<!DOCTYPE html><html lang="{lang}"><head><meta charset="utf-8"><title>{title} | Marrow Post</title>{head}</head><body>'
            f'<div class="top">{before}</div><article><h1>{title}</h1>{line}<div class="article-body">{text}</div>{after}</article><footer>{foot}</footer></body></html>')
    CASES.append(dict(id=case, url=url, html=html, published=published))

def ld(**more):
    return '<script type="application/ld+json">' + json.dumps({"@context": "https://schema.org", "@type": "NewsArticle", **more}) + "</script>"

def meta(name, value, key="property"):
    return f'<meta {key}="{name}" content="{value}">'

def line(text, cls="date"):
    return f'<div class="{cls}">{text}</div>'

# Data for programs
page("ld-plain", "2017-04-21", ld(datePublished="2017-04-21T08:00:00+02:00", headline="Harbour wall approved"))
page("ld-modified-kept-apart", "2017-04-21", ld(datePublished="2017-04-21", dateModified="2019-08-02"), line=line("Updated: 2 August 2019"))
page("ld-only-modified", None, ld(dateModified="2019-08-02T10:00:00Z"))
page("meta-only-modified", None, meta("og:updated_time", "2019-08-02T10:00:00Z"), line=line("Last updated 2 August 2019"))
page("ld-list-of-others", "2015-11-03", '<script type="application/ld+json">' + json.dumps([{"@type": "NewsArticle", "headline": "Another story", "datePublished": "2015-12-24"}, {"@type": "NewsArticle", "headline": "Harbour wall approved", "datePublished": "2015-11-03"}]) + "</script>")
page("ld-graph", "2020-02-29", '<script type="application/ld+json">' + json.dumps({"@graph": [{"@type": "Organization", "foundingDate": "1888-01-01"}, {"@type": "WebPage", "datePublished": "2020-02-29T06:00:00Z"}, {"@type": "NewsArticle", "headline": "Harbour wall approved", "datePublished": "2020-02-29T06:00:00Z", "dateModified": "2020-03-04"}]}) + "</script>")
page("ld-item-list", "2018-06-01", '<script type="application/ld+json">' + json.dumps({"@type": "ItemList", "itemListElement": [{"@type": "NewsArticle", "datePublished": "2018-07-30"}]}) + "</script>" + meta("article:published_time", "2018-06-01T09:30:00+01:00"))
page("ld-broken", "2014-05-16", '<script type="application/ld+json">{"@type": "NewsArticle", "datePublished": "2014-05-16", }</script>' + meta("article:published_time", "2014-05-16T12:00:00Z"))
page("og-published", "2016-09-09", meta("article:published_time", "2016-09-09T23:10:00-05:00"))
page("dc-date", "2008-01-17", meta("DC.date.issued", "2008-01-17", "name"))
page("parsely", "2013-03-12", meta("parsely-pub-date", "2013-03-12T11:00:00Z", "name"))
page("compact", "2011-10-05", meta("pubdate", "20111005", "name"))
page("compact-time", "2011-10-05", meta("ptime", "20111005143000", "name"))
page("epoch", "2019-01-15", meta("article:published_time", "1547546400"))
page("epoch-milliseconds", "2019-01-15", meta("publish_date", "1547546400000", "name"))
page("rfc-2822", "2012-08-22", meta("date", "Wed, 22 Aug 2012 07:45:00 GMT", "name"))
page("slashed-iso", "2010-12-30", meta("publishdate", "2010/12/30 18:20", "name"))
page("words-in-meta", "2009-02-11", meta("date", "February 11, 2009", "name"))
page("microdata-content", "2016-02-03", line='<span itemprop="datePublished" content="2016-02-03T10:00:00Z">3 hours ago</span>')
page("microdata-time", "2016-02-03", line='<time itemprop="datePublished" datetime="2016-02-03">yesterday</time>')
page("time-relative", "2018-10-19", line='<time datetime="2018-10-19T12:00:00Z">2 hours ago</time>')
page("abbr-hatom", "2007-07-04", line='<abbr class="published" title="2007-07-04T08:00:00Z">Wednesday</abbr>')
page("entry-date-and-updated", "2015-05-05", line='<time class="entry-date published" datetime="2015-05-05T08:00:00Z">May 5, 2015</time><time class="updated" datetime="2016-01-09T08:00:00Z">January 9, 2016</time>')
page("comment-times", "2014-09-08", line=line("Posted on September 8, 2014"), after='<div class="comments"><time datetime="2014-10-01T10:00:00Z">October 1, 2014</time><p>Nice to read this one.</p></div>')
page("epoch-zero", None, meta("article:published_time", "1970-01-01T00:00:00Z"))
page("year-one", None, ld(datePublished="0001-01-01T00:00:00"))
page("zeros", None, meta("date", "0000-00-00 00:00:00", "name"))
# Contradictions
page("meta-against-url", None, meta("article:published_time", "2021-03-09T10:00:00Z"), url="https://post.example/2012/06/14/harbour-wall")
page("meta-with-url", "2012-06-14", meta("article:published_time", "2012-06-14T21:00:00Z"), url="https://post.example/2012/06/14/harbour-wall")
page("meta-against-visible", None, meta("article:published_time", "2021-03-09T10:00:00Z"), line=line("Published: 14 June 2012"))
page("url-settles", "2012-06-14", meta("article:published_time", "2021-03-09T10:00:00Z"), line=line("Published: 14 June 2012"), url="https://post.example/2012/06/14/harbour-wall")
page("url-alone", "2013-11-28", url="https://post.example/news/2013/11/28/harbour-wall.html")
page("url-number-is-no-date", None, url="https://post.example/news/20991340/harbour-wall")
page("url-month-only", None, url="https://post.example/2013/11/harbour-wall")
page("clock-of-today", None, before="<span class='clock'>Friday, 6 December 2024</span>")
page("clock-and-date", "2016-04-12", before="<span class='today'>Friday, 6 December 2024</span>", line=line("12 April 2016"))
page("copyright-only", None, foot="<p>© 2003-2021 Marrow Post. Last modified 3 March 2021</p>")
page("event-in-body", None, line="<p>The wall was first proposed on 12 May 1998 by the mayor of the day, who saw the flood.</p>")
page("related-dates", "2017-01-20", line=line("20 January 2017"), after='<aside class="related"><ul><li><a href="/x">Another story</a> <span>5 May 2018</span></li></ul></aside>')
page("weekday-wrong", None, line=line("Monday, 14 June 2012"))
page("visible-created-updated", "2018-03-01", line=line("Created: 1 March 2018, 17:30 | Updated: 2 March 2018, 10:00"))
# Day and month
page("slash-us", "2021-03-07", lang="en-US", line=line("03/07/2021 10:15 AM"))
page("slash-gb", "2021-07-03", lang="en-GB", line=line("03/07/2021 10:15"))
page("slash-unknown-english", None, lang="en", line=line("03/07/2021"))
page("slash-unknown-weekday", "2021-03-07", lang="en", line=line("Sunday 03/07/2021"))
page("slash-clear", "2021-07-23", lang="en", line=line("07/23/2021"))
page("slash-url-helps", "2021-07-03", lang="en", line=line("03/07/2021"), url="https://post.example/2021/07/03/wall")
page("dots-german", "2021-07-03", lang="de", line=line("03.07.2021, 14:05 Uhr"))
page("slash-french", "2021-07-03", lang="fr", line=line("Publié le 03/07/2021 à 14h05"))
page("slash-spanish", "2021-07-03", lang="es", line=line("03/07/2021 - 14:05"))
page("day-month-name", "2021-07-03", lang="en", line=line("3-Jul-2021"))
# Languages
for lang, text, day in [
    ("de", "Veröffentlicht am Samstag, 3. Juli 2021", "2021-07-03"), ("fr", "Publié le 1er août 2019 à 08h12", "2019-08-01"), ("es", "Publicado el 9 de diciembre de 2018", "2018-12-09"),
    ("it", "Pubblicato il 23 gennaio 2020", "2020-01-23"), ("pt", "Publicado em 15 de março de 2017 às 10h30", "2017-03-15"), ("ru", "12 сентября 2016, 09:40", "2016-09-12"),
    ("uk", "5 жовтня 2020, 12:15", "2020-10-05"), ("pl", "Opublikowano: 17 listopada 2015", "2015-11-17"), ("cs", "8. července 2014", "2014-07-08"), ("hu", "2019. május 21. 07:05", "2019-05-21"),
    ("ro", "Publicat: 30 aprilie 2018", "2018-04-30"), ("el", "14 Φεβρουαρίου 2017, 18:00", "2017-02-14"), ("tr", "19 Ağustos 2021, 11:20", "2021-08-19"), ("nl", "Gepubliceerd op 6 mei 2013", "2013-05-06"),
    ("sv", "Publicerad 28 februari 2018", "2018-02-28"), ("fi", "Julkaistu 2. kesäkuuta 2019", "2019-06-02"), ("da", "11. oktober 2016", "2016-10-11"), ("hr", "Objavljeno: 4. listopada 2018", "2018-10-04"),
    ("sr", "Објављено: 25. децембар 2017", "2017-12-25"), ("bg", "публикувано на 13 юни 2020", "2020-06-13"), ("lt", "2021 m. kovo 9 d. 10:11", "2021-03-09"), ("lv", "2018. gada 7. jūnijā", "2018-06-07"),
    ("id", "Diterbitkan 22 Agustus 2019", "2019-08-22"), ("vi", "Thứ sáu, ngày 7 tháng 5 năm 2021", "2021-05-07"), ("vi", "Đăng ngày 07/05/2021", "2021-05-07"), ("ar", "نشر في 17 سبتمبر 2020", "2020-09-17"), ("ar", "الأحد ٧ آذار / مارس ٢٠٢١", "2021-03-07"),
    ("ar", "12 تشرين الثاني 2018", "2018-11-12"), ("fa", "۱۷ اسفند ۱۳۹۹", "2021-03-07"), ("fa", "۱۴۰۱/۰۷/۰۹ - ۱۲:۳۰", "2022-10-01"), ("he", "פורסם 18 במאי 2019", "2019-05-18"), ("ur", "27 جنوری 2020", "2020-01-27"),
    ("hi", "प्रकाशित 15 अगस्त 2021", "2021-08-15"), ("bn", "প্রকাশ: ২১ ফেব্রুয়ারি ২০২০", "2020-02-21"), ("th", "7 มีนาคม 2564", "2021-03-07"), ("th", "เผยแพร่ 12 ต.ค. 2563", "2020-10-12"), ("zh", "2021年3月7日 10:20", "2021-03-07"), ("zh", "发布时间：2018-05-11 09:00", "2018-05-11"),
    ("zh", "中華民國110年3月7日", "2021-03-07"), ("ja", "令和3年3月7日", "2021-03-07"), ("ja", "2019年11月2日 5時00分", "2019-11-02"), ("ko", "입력 2020년 6월 15일 14:02", "2020-06-15"), ("ko", "2020.06.15. 14:02", "2020-06-15"), ("ar", "١٢ رمضان ١٤٤٢", None),
]:
    page(f"{lang}-{len(CASES)}", day, lang=lang, line=line(text), title={"de": "Neue Hafenmauer", "fr": "La digue approuvée"}.get(lang, LOCAL[lang].split("،")[0][:28].strip()))

out = pathlib.Path(__file__).parent.parent / "dates.jsonl"
for i, case in enumerate(CASES):
    case["split"] = "dev" if i % 2 == 0 else "test"
out.write_text("".join(json.dumps(c, ensure_ascii=False) + "\n" for c in CASES))
print(len(CASES), "cases")
