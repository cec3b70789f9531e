"""Skeletons of pages, first part: content systems and large portals. Each builds one whole page."""
import json
from parts import *

SKELETONS = {}

def skeleton(*langs):
    def keep(f):
        SKELETONS[f.__name__] = (f, langs)
        return f
    return keep

def body(a, p="<p>{}</p>", h="<h2>{}</h2>", q="<blockquote><p>{}</p></blockquote>", ul="<ul>{}</ul>", li="<li>{}</li>",
         table="<table>{}</table>", tr="<tr>{}</tr>", td="<td>{}</td>", ins=None, sep="\n", only=None):
    """The article's blocks in markup; `ins` puts a string behind the n-th block; `only` is a range of blocks."""
    ins = ins or {}
    out, i, blocks = [], 0, a["blocks"][slice(*only)] if only else a["blocks"]
    n = len(blocks)
    for k in list(ins):
        if k < 0:
            ins[n + k] = ins[k]
    while i < n:
        kind, text = blocks[i]
        if kind in "-|":
            j = i
            while j < n and blocks[j][0] == kind:
                j += 1
            rows = [t for _, t in blocks[i:j]]
            if kind == "-":
                out.append(ul.format("".join(li.format(e(r)) for r in rows)))
            else:
                out.append(table.format("".join(tr.format("".join(td.format(e(c.strip())) for c in r.strip("| ").split("|"))) for r in rows)))
            for k in range(i, j):
                out.append(ins.get(k + 1, ""))
            i = j
            continue
        out.append({"p": p, "#": h, ">": q}[kind].format(e(text)))
        i += 1
        out.append(ins.get(i, ""))
    return sep.join(x for x in out if x)

def head(a, m, extra="", ld=True, og=True, title=None):
    ld_text = ""
    if ld:
        d = {"@context": "https://schema.org", "@type": "NewsArticle", "headline": a["title"], "datePublished": m["iso"],
             "dateModified": m["mod_iso"], "author": [{"@type": "Person", "name": x} for x in a["authors"]],
             "publisher": {"@type": "Organization", "name": m["outlet"], "logo": {"@type": "ImageObject", "url": m["site"] + "/logo.png"}},
             "mainEntityOfPage": m["url"]}
        ld_text = '<script type="application/ld+json">' + json.dumps(d, ensure_ascii=False) + "</script>"
    og_text = ""
    if og:
        og_text = (f'<meta property="og:type" content="article"><meta property="og:title" content="{html.escape(a["title"])}">'
                   f'<meta property="og:site_name" content="{html.escape(m["outlet"])}"><meta property="og:url" content="{m["url"]}">'
                   f'<meta property="article:published_time" content="{m["iso"]}">'
                   f'<meta name="description" content="{html.escape(a["teaser"] or a["blocks"][0][1][:150])}">')
    rtl = ' dir="rtl"' if a["lang"] in ("ar", "fa") else ""
    return (f'<!DOCTYPE html>\n<html lang="{a["lang"]}"{rtl}>\n<head>\n<meta charset="utf-8">\n<title>{e(title or a["title"] + " - " + m["outlet"])}</title>\n'
            f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<link rel="canonical" href="{m["url"]}">\n{og_text}\n{ld_text}\n{extra}\n</head>\n')

def wp_comments(a, n=6):
    t = w(a)
    items = "".join(f'<li id="comment-{i}" class="comment even thread-even depth-1"><article class="comment-body"><footer class="comment-meta"><div class="comment-author vcard"><b class="fn">{x}</b> <span class="says">says:</span></div><div class="comment-metadata"><a href="#c{i}"><time datetime="2021-03-0{i+1}T10:00:00+00:00">March {i+1}, 2021 at 10:00 am</time></a></div></footer><div class="comment-content"><p>{y}</p></div><div class="reply"><a class="comment-reply-link" href="#">Reply</a></div></article></li>' for i, (x, y) in enumerate(comments(a)[:n]))
    return f'''<div id="comments" class="comments-area"><h2 class="comments-title">{len(comments(a))} {t["com"]}</h2><ol class="comment-list">{items}</ol>
<div id="respond" class="comment-respond"><h3 id="reply-title" class="comment-reply-title">{t["leave"]}</h3><form action="/wp-comments-post.php" method="post" id="commentform"><p class="comment-notes"><span id="email-notes">{t["mail"]}</span></p><p class="comment-form-comment"><label for="comment">{t["com"]}</label><textarea id="comment" name="comment"></textarea></p><p class="form-submit"><input name="submit" type="submit" value="OK"></p></form></div></div>'''

def widget_list(a, rng, cls="widget widget_recent_entries", n=5):
    return f'<aside class="{cls}"><h3 class="widget-title">{w(a)["more"]}</h3><ul>' + "".join(f'<li><a href="/{i}">{h}</a><span class="post-date">12.03.2021</span></li>' for i, h in enumerate(heads(a, rng, n))) + "</ul></aside>"

def cards(a, rng, n=6, wrap="div", cls="card", sums=True):
    return "".join(f'<{wrap} class="{cls}"><a href="/s/{i}" class="{cls}__link"><img src="/i/{i}.jpg" alt=""><h3 class="{cls}__title">{h}</h3></a>' + (f'<p class="{cls}__summary">{summary(a, rng)}</p>' if sums else "") + f'<span class="{cls}__time">2 h</span></{wrap}>' for i, h in enumerate(heads(a, rng, n)))

def menu(a, cls="menu-item"):
    return "".join(f'<li class="{cls}"><a href="/{i}">{x}</a></li>' for i, x in enumerate(w(a)["menu"]))

@skeleton("en", "es", "ar")
def wp_newspaper(a, m, rng):
    t = w(a)
    rel = f'<div class="td_block_related_posts td_block_wrap"><h4 class="td-related-title"><a class="td-related-left td-cur-simple-item" href="#">{t["rel"]}</a></h4><div class="td_block_inner">' + "".join(f'<div class="td_module_related_posts"><div class="item-details"><h3 class="entry-title td-module-title"><a href="/r{i}">{h}</a></h3></div></div>' for i, h in enumerate(heads(a, rng, 3))) + "</div></div>"
    return head(a, m, bulk(rng)) + f'''<body class="post-template-default single single-post td-standard-pack global-block-template-1 td_category_top_posts_style_disable td-full-layout" itemscope itemtype="https://schema.org/WebPage">
{svg(rng)}<div id="td-outer-wrap" class="td-theme-wrap"><div class="td-header-wrap td-header-style-1"><div class="td-header-menu-wrap-full"><ul id="menu-main" class="sf-menu">{menu(a)}</ul></div></div>
<div class="td-main-content-wrap td-container-wrap"><div class="td-container td-post-template-default"><div class="td-crumb-container"><div class="entry-crumbs"><span><a class="entry-crumb" href="/">{t["menu"][0]}</a></span> <i class="td-icon-right td-bread-sep"></i> <span class="td-bred-no-url-last">{a["title"]}</span></div></div>
<div class="td-pb-row"><div class="td-pb-span8 td-main-content" role="main"><div class="td-ss-main-content"><article id="post-8812" class="post-8812 post type-post status-publish format-standard has-post-thumbnail hentry category-news" itemscope itemtype="https://schema.org/Article">
<div class="td-post-header"><ul class="td-category"><li class="entry-category"><a href="/c">{t["menu"][1]}</a></li></ul><header class="td-post-title"><h1 class="entry-title">{a["title"]}</h1><div class="td-module-meta-info"><div class="td-post-author-name"><div class="td-author-by">{t["by"]}</div> <a href="/author">{" & ".join(a["authors"])}</a><div class="td-author-line"> - </div></div><span class="td-post-date"><time class="entry-date updated td-module-date" datetime="{m["iso"]}">{m["human"]}</time></span><div class="td-post-views"><span class="td-nr-views-8812">1043</span></div></div></header></div>
<div class="td-post-sharing-top"><div class="td-social-share"><a class="td-social-sharing-button td-social-facebook" href="#"><div class="td-social-but-text">Facebook</div></a><a class="td-social-sharing-button" href="#"><div class="td-social-but-text">Twitter</div></a><a href="#"><div class="td-social-but-text">WhatsApp</div></a></div></div>
<div class="td-post-content tagdiv-type"><div class="td-post-featured-image"><figure><img class="entry-thumb" src="/x.jpg"><figcaption class="wp-caption-text">{a["caption"]}</figcaption></figure></div>
{body(a, ins={2: f'<div class="td-a-rec td-a-rec-id-content_inline"><span class="td-adspot-title">{t["ad"]}</span><ins class="adsbygoogle"></ins></div>', 4: f'<p><strong>{t["read"]}: <a href="/x">{heads(a, rng, 1)[0]}</a></strong></p>'})}
</div><footer><div class="td-post-source-tags"><ul class="td-tags td-post-small-box clearfix"><li><span>{t["tags"]}</span></li>{"".join(f'<li><a href="/tag">{x}</a></li>' for x in a["tags"])}</ul></div>
<div class="td-block-row td-post-next-prev"><div class="td-block-span6 td-post-prev-post"><div class="td-post-next-prev-content"><span>Previous article</span><a href="/p">{heads(a, rng, 1)[0]}</a></div></div></div>
<div class="author-box-wrap"><div class="desc"><div class="td-author-name vcard author"><span class="fn"><a href="#">{a["authors"][0]}</a></span></div><div class="td-author-description">{t["bio"].format(a["authors"][0])}</div></div></div></footer></article>{rel}{wp_comments(a)}</div></div>
<div class="td-pb-span4 td-main-sidebar" role="complementary"><div class="td-ss-main-sidebar">{widget_list(a, rng, "td_block_template_1 widget widget_recent_entries", 7)}</div></div></div></div></div>
<div class="td-footer-template-wrap"><p>{t["follow"]}</p><div class="td-sub-footer-copy">&copy; 2021 {m["outlet"]}. {t["rights"]}.</div></div></div></body></html>'''

@skeleton("en", "de")
def wp_twenty(a, m, rng):
    t = w(a)
    return head(a, m, bulk(rng, 4), ld=False) + f'''<body class="post-template-default single wp-embed-responsive has-header-image has-sidebar colors-light"><div id="page" class="site"><a class="skip-link screen-reader-text" href="#content">Skip to content</a>
<header id="masthead" class="site-header" role="banner"><p class="site-title"><a href="/" rel="home">{m["outlet"]}</a></p><p class="site-description">Independent since 1987</p><nav id="site-navigation" class="main-navigation"><ul id="top-menu" class="menu">{menu(a)}</ul></nav></header>
<div class="site-content-contain"><div id="content" class="site-content"><div class="wrap"><div id="primary" class="content-area"><main id="main" class="site-main" role="main">
<article id="post-221" class="post-221 post type-post hentry category-uncategorized"><header class="entry-header"><div class="entry-meta"><span class="screen-reader-text">Posted on</span> <a href="#" rel="bookmark"><time class="entry-date published" datetime="{m["iso"]}">{m["human"]}</time><time class="updated" datetime="{m["mod_iso"]}">{m["mod_human"]}</time></a><span class="byline"> by <span class="author vcard"><a class="url fn n" href="/a">{a["authors"][0] if a["authors"] else "admin"}</a></span></span></div><h1 class="entry-title">{a["title"]}</h1></header>
<div class="entry-content">{body(a, ins={1: f'<figure id="attachment_77" class="wp-caption aligncenter"><img src="/i.jpg"><figcaption class="wp-caption-text">{a["caption"]}</figcaption></figure>'})}
<div class="sharedaddy sd-sharing-enabled"><div class="robots-nocontent sd-block sd-social sd-social-icon-text sd-sharing"><h3 class="sd-title">Share this:</h3><div class="sd-content"><ul><li class="share-twitter"><a href="#"><span>Click to share on Twitter (Opens in new window)</span></a></li><li><a href="#"><span>Click to share on Facebook (Opens in new window)</span></a></li></ul></div></div></div>
<div class="sharedaddy sd-block sd-like jetpack-likes-widget-wrapper"><h3 class="sd-title">Like this:</h3><span class="button"><span>Like</span></span> <span class="loading">Loading...</span></div>
<div id="jp-relatedposts" class="jp-relatedposts"><h3 class="jp-relatedposts-headline"><em>Related</em></h3><div class="jp-relatedposts-items">{"".join(f'<div class="jp-relatedposts-post"><h4><a href="/j">{h}</a></h4><p class="jp-relatedposts-post-excerpt">{summary(a, rng)}</p><p class="jp-relatedposts-post-date">May 3, 2020</p></div>' for h in heads(a, rng, 3))}</div></div>
</div><footer class="entry-footer"><span class="cat-tags-links"><span class="tags-links"><span class="screen-reader-text">Tags</span>{", ".join(f'<a href="/t">{x}</a>' for x in a["tags"])}</span></span></footer></article>
{wp_comments(a)}<nav class="navigation post-navigation" role="navigation"><h2 class="screen-reader-text">Post navigation</h2><div class="nav-links"><div class="nav-previous"><a href="#" rel="prev"><span class="nav-title">{heads(a, rng, 1)[0]}</span></a></div></div></nav></main></div>
<aside id="secondary" class="widget-area" role="complementary"><section id="search-2" class="widget widget_search"><form role="search" class="search-form"><label><span class="screen-reader-text">Search for:</span></label></form></section><section id="text-3" class="widget widget_text"><h2 class="widget-title">About this site</h2><div class="textwidget"><p>This may be a good place to introduce yourself and your site. We are a small team of volunteers who write about the things that happen around us.</p></div></section>{widget_list(a, rng)}</aside></div></div>
<footer id="colophon" class="site-footer"><div class="site-info"><a href="#" class="imprint">Proudly powered by WordPress</a></div></footer></div></div></body></html>'''

@skeleton("en", "fr")
def elementor(a, m, rng):
    t = w(a)
    def widget(kind, inner, n=[0]):
        n[0] += 1
        return f'<div class="elementor-element elementor-element-{rng.randrange(16**7):07x} elementor-widget elementor-widget-{kind}" data-id="{n[0]}" data-element_type="widget"><div class="elementor-widget-container">{inner}</div></div>'
    return head(a, m, bulk(rng)) + f'''<body class="post-template elementor-default elementor-kit-12 elementor-page-31"><div data-elementor-type="header" class="elementor elementor-11 elementor-location-header"><nav class="elementor-nav-menu--main"><ul id="menu-1" class="elementor-nav-menu">{menu(a)}</ul></nav></div>
<div data-elementor-type="single-post" class="elementor elementor-31 elementor-location-single post-55 post hentry"><section class="elementor-section elementor-top-section"><div class="elementor-container elementor-column-gap-default"><div class="elementor-column elementor-col-66"><div class="elementor-widget-wrap elementor-element-populated">
{widget("theme-post-title", f'<h1 class="elementor-heading-title elementor-size-default">{a["title"]}</h1>')}
{widget("theme-post-excerpt", a["teaser"])}
{widget("post-info", f'<ul class="elementor-icon-list-items elementor-post-info"><li itemprop="author"><span>{a["authors"][0] if a["authors"] else "Admin"}</span></li><li itemprop="datePublished"><span class="elementor-post-info__item--type-date">{m["human"]}</span></li></ul>')}
{widget("share-buttons", '<div class="elementor-share-btn"><span class="elementor-share-btn__title">Facebook</span></div><div class="elementor-share-btn"><span class="elementor-share-btn__title">Email</span></div>')}
{widget("theme-post-content", body(a, h="<h3>{}</h3>", ins={3: f'<div class="wp-block-group has-background"><p><strong>{t["news"]}</strong></p><p>{t["sign"]}</p><form><input type="email"><button>OK</button></form></div>'}))}
{widget("author-box", f'<div class="elementor-author-box__text"><h4 class="elementor-author-box__name">{a["authors"][0] if a["authors"] else "Admin"}</h4><div class="elementor-author-box__bio">{t["bio"].format("")}</div></div>')}
</div></div><div class="elementor-column elementor-col-33"><div class="elementor-widget-wrap">{widget("heading", f'<h4 class="elementor-heading-title">{t["more"]}</h4>')}{widget("posts", cards(a, rng, 5, "article", "elementor-post"))}</div></div></div></section></div>
<div data-elementor-type="footer" class="elementor-location-footer"><p>© {m["outlet"]} – {t["rights"]}</p></div></body></html>'''

@skeleton("en", "ru")
def divi(a, m, rng):
    t = w(a)
    return head(a, m, bulk(rng, 4)) + f'''<body class="post-template-default single et_pb_button_helper_class et_fixed_nav et_right_sidebar et_divi_theme"><div id="page-container"><header id="main-header"><div class="container"><nav id="top-menu-nav"><ul id="top-menu">{menu(a)}</ul></nav></div></header><div id="et-main-area"><div id="main-content"><div class="container"><div id="content-area" class="clearfix"><div id="left-area"><article id="post-9" class="et_pb_post post-9 post hentry"><div class="et_post_meta_wrapper"><h1 class="entry-title">{a["title"]}</h1><p class="post-meta"> by <span class="author vcard"><a href="#">{a["authors"][0] if a["authors"] else "admin"}</a></span> | <span class="published">{m["human"]}</span> | <a href="#" rel="category tag">News</a> | <span class="comments-number"><a href="#">0 comments</a></span></p></div>
<div class="entry-content"><div class="et-l et-l--post"><div class="et_builder_inner_content et_pb_gutters3"><div class="et_pb_section et_pb_section_0 et_section_regular"><div class="et_pb_row et_pb_row_0"><div class="et_pb_column et_pb_column_4_4"><div class="et_pb_module et_pb_text et_pb_text_0"><div class="et_pb_text_inner">{body(a, only=(0, 4))}</div></div>
<div class="et_pb_module et_pb_image"><span class="et_pb_image_wrap"><img src="/q.jpg"></span></div><div class="et_pb_module et_pb_text et_pb_text_1"><div class="et_pb_text_inner">{body(a, only=(4, None))}</div></div></div></div></div></div></div></div><div class="et_post_meta_wrapper">{wp_comments(a, 3)}</div></article></div><div id="sidebar"><div id="recent-posts-2" class="et_pb_widget widget_recent_entries"><h4 class="widgettitle">{t["more"]}</h4><ul>{"".join(f"<li><a href=#>{h}</a></li>" for h in heads(a, rng, 6))}</ul></div></div></div></div></div><footer id="main-footer"><div id="footer-info">Designed by Elegant Themes | Powered by WordPress</div></footer></div></div></body></html>'''

@skeleton("en")
def cable_news(a, m, rng):
    paras = body(a, p='<div class="zn-body__paragraph">{}</div>', h='<h3 class="zn-body__subtitle">{}</h3>', q='<div class="zn-body__paragraph"><em>{}</em></div>', ins={2: f'<div class="el__embedded el__embedded--standard el__embedded__video"><div class="media__video--responsive"><div class="js-media__caption media__caption"><div class="element-raw appearance-standard">Now playing</div><p>Watch: {heads(a, rng, 1)[0]}</p></div></div></div>', 4: f'<div class="zn-body__paragraph"><h4><a href="/o">Read More: {heads(a, rng, 1)[0]}</a></h4></div>'})
    return head(a, m, bulk(rng, 10)) + f'''<body class="pg pg-hidden pg-leaf t-light pg-leaf-video"><div class="nav-wrapper"><div class="nav__container"><div class="nav-menu__links">{"".join(f'<a class="nav-menu-links__link" href="/{x}">{x}</a>' for x in w(a)["menu"])}</div></div></div>
<article class="pg-rail-tall pg-rail--align-right" itemscope itemtype="https://schema.org/NewsArticle"><meta content="{m["iso"]}" itemprop="datePublished"><meta content="{m["mod_iso"]}" itemprop="dateModified"><div class="pg-rail-tall__wrapper"><div class="pg-rail-tall__side-left"><div class="pg-rail-tall__head"><h1 class="pg-headline">{a["title"]}</h1><div class="metadata"><div class="metadata__info js-byline-images"><p class="metadata__byline"><span class="metadata__byline__author">By {", ".join(a["authors"])}, CNX</span></p><p class="update-time">Updated 1431 GMT (2231 HKT) {m["mod_human"]}</p></div><div class="metadata__show"></div></div></div>
<div class="pg-rail-tall__body" itemprop="articleBody"><section class="zn zn-body-text zn-body zn--idx-0"><div class="l-container"><div class="el__leafmedia el__leafmedia--storyhighlights"><div class="el__storyhighlights__wrapper"><h3 class="el__storyhighlights__header">Story highlights</h3></div></div>
<div class="el__leafmedia el__leafmedia--sourced-paragraph"><p class="zn-body__paragraph speakable"><cite class="el-editorial-source">(CNX)</cite></p></div>{paras}<div class="zn-body__footer"></div></div></section></div>
<div class="outbrain_body"><div class="OUTBRAIN" data-widget-id="AR_12">{cards(a, rng, 6, "div", "ob-dynamic-rec")}</div></div></div><div class="pg-rail-tall__rail"><h2 class="column-header">More from the region</h2><ul class="cn cn-list-hierarchical-xs">{"".join(f'<li><h3 class="cd__headline"><a href="/l"><span class="cd__headline-text">{h}</span></a></h3></li>' for h in heads(a, rng, 8))}</ul></div></div></article>
<footer class="l-footer"><div class="l-footer__copyright">© 2021 {m["outlet"]}. All Rights Reserved.</div></footer></body></html>'''.replace('<cite class="el-editorial-source">(CNX)</cite>', '')

@skeleton("en", "fa")
def public_broadcaster(a, m, rng):
    t = w(a)
    def block(kind, inner):
        return f'<div data-component="{kind}" class="ssrcss-{rng.randrange(36**5)}-Component e57qmd0">{inner}</div>'
    parts = []
    for kind, text in a["blocks"]:
        if kind == "#":
            parts.append(block("subheadline-block", f'<h2 class="ssrcss-y2fd7s-StyledHeading e10rt3ze0">{e(text)}</h2>'))
        elif kind == "-":
            parts.append(block("unordered-list-block", f'<div class="ssrcss-1sen9vx"><ul role="list"><li>{e(text)}</li></ul></div>'))
        else:
            parts.append(block("text-block", f'<div class="ssrcss-uf6wea-RichTextComponentWrapper e1xue1i85"><p class="ssrcss-1q0x1qg-Paragraph eq5iqo00">{e(text)}</p></div>'))
    parts.insert(2, block("image-block", f'<figure class="ssrcss-1mqykvg-StyledFigure"><div><img src="/p.jpg"><span class="ssrcss-Copyright">Getty</span></div><figcaption class="ssrcss-Caption"><span class="visually-hidden">Image caption, </span>{a["caption"]}</figcaption></figure>'))
    parts.insert(5, block("links-block", f'<section><h2>{t["rel"]}</h2><ul><li><a href="/n"><span>{heads(a, rng, 1)[0]}</span></a></li><li><a href="/n"><span>{heads(a, rng, 2)[1]}</span></a></li></ul></section>'))
    return head(a, m, bulk(rng)) + f'''<body><div id="root"><div><div id="header-content"><a href="#main" class="ssrcss-SkipLink">Skip to content</a><nav class="ssrcss-GlobalNavigation" role="navigation" aria-label="BBX"><ul>{menu(a)}</ul></nav></div><main id="main-content" class="ssrcss-1ocoo3l-Wrap e42f8511"><div class="ssrcss-ContainerWithSidebarWrapper"><article class="ssrcss-pv1rh6-ArticleWrapper e1nh2i2l5">
{block("headline-block", f'<h1 id="main-heading" tabindex="-1" class="ssrcss-15xko80-StyledHeading">{a["title"]}</h1>')}
{block("byline-block", f'<div class="ssrcss-BylineContributor"><span class="ssrcss-Text-TextContributorName">{t["by"]} {" & ".join(a["authors"])}</span><div class="ssrcss-Text">BBX News</div></div><div><span class="visually-hidden">Published</span><time data-testid="timestamp" datetime="{m["iso"]}">{m["human"]}</time></div><button aria-label="share">{t["share"]}</button>')}
{"".join(parts)}
{block("tag-list-block", f'<section><h2>{t["tags"]}</h2><ul>{"".join(f"<li><a href=#>{x}</a></li>" for x in a["tags"])}</ul></section>')}
</article><div class="ssrcss-SidebarSection"><section data-component="top-stories"><h2>{t["more"]}</h2>{cards(a, rng, 4, "div", "ssrcss-Promo", False)}</section></div></div></main><footer><p>© 2021 {m["outlet"]}. {t["rights"]}</p></footer></div></div></body></html>'''

@skeleton("en")
def liberal_daily(a, m, rng):
    t = w(a)
    return head(a, m, bulk(rng)) + f'''<body><div id="bannerandheader"><header class="dcr-1x9mqxh"><nav aria-label="Guardian sections" data-component="nav2"><ul class="dcr-1oqi2sz">{menu(a, "dcr-m3k2")}</ul></nav></header></div>
<main data-layout="StandardLayout"><section class="dcr-1fiqg1n"><div class="dcr-ArticleGrid"><div class="dcr-hdr"><div class="dcr-1djovmt"><h1 class="dcr-125vfar">{a["title"]}</h1></div></div><div class="dcr-sf"><div data-gu-name="standfirst" class="dcr-1yi1cnj"><p>{a["teaser"]}</p></div></div>
<aside data-gu-name="meta" class="dcr-1aul2ye"><div class="dcr-meta"><address aria-label="Contributor info" data-component="meta-byline" class="dcr-1cfpnlw"><div class="dcr-1hq"><a rel="author" href="/profile/x">{a["authors"][0] if a["authors"] else "Staff and agencies"}</a></div></address><details class="dcr-eb59kw"><summary><span class="dcr-u0h1qy">{m["human"]}</span></summary>Last modified on {m["mod_human"]}</details></div><div data-print-layout="hide" class="dcr-share"><gu-island name="ShareButton"><button>Share</button></gu-island></div></aside>
<div data-gu-name="body"><div id="maincontent" class="dcr-ch7w1w"><div class="article-body-commercial-selector article-body-viewer-selector dcr-1yg8svh">
{body(a, p='<p class="dcr-s3ycb2">{}</p>', h='<h2 id="h" class="dcr-hh">{}</h2>', q='<blockquote class="dcr-quoted"><p>{}</p></blockquote>', ins={2: f'<figure id="1b" data-spacefinder-role="inline" class="dcr-fig"><img src="/f.jpg"><figcaption data-spacefinder-role="inline" class="dcr-cap"><span class="dcr-svg"></span><span class="dcr-txt">{a["caption"]}</span> Photograph: J Doe</figcaption></figure>', 3: f'<figure data-spacefinder-role="richLink" data-spacefinder-type="model.dotcomrendering.pageElements.RichLinkBlockElement" class="dcr-rl"><gu-island name="RichLinkComponent"><div data-link-name="rich-link-1"><div><a href="/r">{heads(a, rng, 1)[0]}<div class="dcr-x">Read more</div></a></div></div></gu-island></figure>', 5: f'<figure data-spacefinder-role="inline"><aside aria-label="newsletter promotion" class="dcr-nl"><a href="#skip">skip past newsletter promotion</a><div class="dcr-nb"><p class="dcr-nt">Sign up to <span>First Edition</span></p><p>Our morning email breaks down the key stories of the day, telling you what’s happening and why it matters</p></div><form><label>Enter your email address</label><button>Sign up</button></form><span><strong>Privacy Notice: </strong>Newsletters may contain info about charities, online ads, and content funded by outside parties.</span></aside><p id="skip">after newsletter promotion</p></figure>'})}
</div></div><div class="dcr-sub"><div><span class="dcr-lbl">Explore more on these topics</span><ul>{"".join(f'<li><a href="/k">{x}</a></li>' for x in a["tags"])}</ul></div></div></div></div></section><section id="more-on-this-story"><h2>More on this story</h2>{cards(a, rng, 6, "li", "dcr-card")}</section><section id="comments"><h2>Comments (54)</h2>{"".join(f'<div class="dcr-c"><b>{x}</b><div><p>{y}</p></div></div>' for x, y in comments(a))}</section></main><footer><div>© 2021 {m["outlet"]} News &amp; Media Limited or its affiliated companies. All rights reserved.</div></footer></body></html>'''

@skeleton("en")
def grey_lady(a, m, rng):
    groups, bl = [], a["blocks"]
    for i in range(0, len(bl), 3):
        inner = body(a, p='<p class="css-at9mc1 evys1bk0">{}</p>', h='<h2 class="css-1aoo5yy eoo0vm40">{}</h2>', only=(i, i + 3))
        groups.append(f'<div class="css-s99gbd StoryBodyCompanionColumn" data-testid="companionColumn-{i//3}"><div class="css-53u6y8">{inner}</div><aside class="css-ew4tgv" aria-label="companion column"></aside></div>')
    ad = '<div><div class="css-142l3g4" id="story-ad-1-wrapper"><div class="css-121kum4"><a href="#after">SKIP ADVERTISEMENT</a></div><div id="story-ad-1" class="ad css-rfqw0c"></div></div></div>'
    return head(a, m, bulk(rng)) + f'''<body><div id="app"><div><div class="css-v89234"><header class="css-1d8a290"><section><span>Sections</span><a href="#site-content">SKIP TO CONTENT</a></section><nav>{"".join(f"<a href=/s>{x}</a>" for x in w(a)["menu"])}</nav></header></div><main id="site-content"><div><article id="story" class="css-1vxca1d e1lmdhsb0"><div id="top-wrapper"><p>Advertisement</p></div><header class="css-1vkm6nb ehdk2mb0"><h1 id="link-2f" class="css-1l8buln e1h9rw200" data-testid="headline">{a["title"]}</h1><p id="article-summary" class="css-1n0orw4 e1wiw3jv0">{a["teaser"]}</p><div class="css-1f7ibof"><div class="css-1lvorsa"><div data-testid="photoviewer"><figure class="img-sz-large"><div><span>Image</span><img src="/a.jpg"></div><figcaption data-testid="photoviewer-children-figure-caption"><span class="css-jevhma e13ogyst0">{a["caption"]}</span><span class="css-1u46b97"><span>Credit...</span><span>A. Photographer for the Paper</span></span></figcaption></figure></div></div></div>
<div class="css-103l8m3"><div class="css-1e2jphy"><p class="css-1ri1dsd e1jsehar1"><span class="byline-prefix">By </span>{"".join(f'<span class="css-1baulvz last-byline" itemprop="name"><a href="/by">{x}</a></span> ' for x in a["authors"])}</p></div><ul><li><time class="css-1sbuyqj" datetime="{m["iso"]}">{m["human"]}</time></li></ul><div data-testid="share-tools"><ul><li>Share full article</li><li>127</li></ul></div></div></header>
<section name="articleBody" itemprop="articleBody" class="meteredContent css-1r7ky0e">{ad.join(groups)}</section><div class="bottom-of-article"><div class="css-3glrhn"><p>A correction was made on {m["mod_human"]}: An earlier version of this article misspelled the name of a street.</p><div><p>A version of this article appears in print on March 3, 2021, Section A, Page 6 of the New York edition with the headline: Harbour. <a href="#">Order Reprints</a> | <a href="#">Today’s Paper</a> | <a href="#">Subscribe</a></p></div></div></div></article></div><div id="bottom-wrapper"><section data-testid="recirculation"><h2>More in Business</h2>{cards(a, rng, 6, "article", "css-xjrq3p")}</section></div></main><footer class="css-1e1s8k7"><nav><h2 class="css-vz7hjd">Site Information Navigation</h2><ul><li>© 2021 The Paper Company</li></ul></nav></footer></div></div></body></html>'''.replace("A correction was made", "Correction made")

@skeleton("en")
def capital_post(a, m, rng):
    return head(a, m, bulk(rng)) + f'''<body class="__vis"><div id="__next"><div class="grid-layout" data-qa="main"><nav class="pb-nav"><ul>{menu(a)}</ul></nav><main class="grid-center main-content gds"><header class="headline-kicker"><div data-qa="kicker">Business</div><h1 data-qa="headline" class="font--headline"><span>{a["title"]}</span></h1><h2 data-qa="subheadline" class="font--subhead">{a["teaser"]}</h2></header><div data-qa="author-byline" class="author-byline">By <a href="/p" data-qa="author-name" rel="author">{" and ".join(a["authors"])}</a></div><div class="display-date" data-qa="display-date">{m["human"]}</div><div class="social-tools"><button>Share</button><button>Comment on this story</button></div>
<article data-qa="main" class="grid-body"><div class="teaser-content grid-center"><div class="article-body" data-qa="article-body">{body(a, p='<p data-testid="drop-cap-letter" data-el="text" class="wpds-c-cYdRxM font-copy">{}</p>', sep="", only=(0, 3))}</div></div><div class="remainder-content grid-center"><div class="article-body" data-qa="article-body">{body(a, p='<p data-el="text" class="wpds-c-cYdRxM font-copy">{}</p>', h='<h3 data-el="subhead" class="font-xs">{}</h3>', only=(3, None), ins={1: '<div class="hide-for-print"><div class="advertisement" data-qa="article-body-ad"><p>Advertisement</p></div><p class="advertising-text">Story continues below advertisement</p></div>'})}<div class="contributors"><p class="font--subhead"><i>Ana Silva in Lisbon contributed to this report.</i></p></div></div></div></article>
<section class="gift"><button>Gift this article</button></section><div class="comments-summary"><h3>What readers are saying</h3><p>The comments express mixed views on the agreement, with some readers doubting the figures and others welcoming the end of the stoppage.</p></div><div data-qa="most-read" class="most-read-wrapper"><h2>Most read</h2><ol>{"".join(f'<li><a href="/m">{h}</a></li>' for h in heads(a, rng, 5))}</ol></div></main></div></div></body></html>'''.replace('<div class="contributors"><p class="font--subhead"><i>Ana Silva in Lisbon contributed to this report.</i></p></div>', "")

@skeleton("en", "es")
def wire_agency(a, m, rng):
    ps = "".join(f'<div data-testid="paragraph-{i}" class="text__text__1FZLe text__dark-grey__3Ml43 text__regular__2N1Xr text__small__1kGq2 body__base__22dCE article-body__element__2p5pI">{e(x)}</div>' if k != "#" else f'<h2 data-testid="Heading" class="heading__base__2T28j">{e(x)}</h2>' for i, (k, x) in enumerate(a["blocks"]))
    return head(a, m, bulk(rng)) + f'''<body><div id="fusion-app"><header data-testid="SiteHeader" class="site-header__container__3Bl"><nav>{"".join(f"<a href=/w>{x}</a>" for x in w(a)["menu"])}</nav></header><div class="article__container__2MUeZ"><article data-testid="Article" class="article__main__33WV2"><div class="article-header__heading__15OpQ"><h1 data-testid="Heading" class="text__text__1FZLe heading__heading_2">{a["title"]}</h1><div class="info-content__author-date__1Epi_"><div data-testid="AuthorByline">By <a href="/a">{" and ".join(a["authors"])}</a></div><time datetime="{m["iso"]}" class="date-line__date___kNbY"><span class="date-line__date__23">{m["human"]}</span><span>2:41 PM UTC</span><span>Updated 3 hours ago</span></time></div></div>
<div class="article__content__6hMn9"><div data-testid="primary-image"><figure><img src="/z"><div data-testid="Body" class="caption">{a["caption"]}</div></figure></div><div class="article-body__content__17Yit">{ps}<div class="article-body__row"><p data-testid="Body" class="sign-off">Reporting by A. Reporter; Writing by B. Writer; Editing by C. Editor</p><p>Our Standards: <a href="/s">The Trust Principles.</a></p></div></div><div class="tags-with-ads"><h3>Suggested Topics:</h3><ul><li><a href="/t">Business</a></li></ul></div><div class="author-bio__multiple"><div><address>{a["authors"][0] if a["authors"] else "Desk"}</address><p>Thomson Wire</p><p>{WORDS["en"]["bio"].format("She")}</p></div></div></div></article><aside class="read-next"><h2>Read Next</h2>{cards(a, rng, 5, "div", "media-story-card")}</aside></div><footer><p>All quotes delayed a minimum of 15 minutes.</p></footer></div></body></html>'''

@skeleton("en", "pt")
def amp(a, m, rng):
    t = w(a)
    return head(a, m, "<style amp-boilerplate>body{animation:-amp-start 8s steps(1,end) 0s 1 normal both}</style><noscript><style amp-boilerplate>body{animation:none}</style></noscript><script async src=\"https://cdn.ampproject.org/v0.js\"></script>").replace("<html ", "<html amp ") + f'''<body><amp-sidebar id="sidebar" layout="nodisplay" side="left"><ul>{menu(a)}</ul></amp-sidebar><header class="amp-hdr"><button on="tap:sidebar.toggle">☰</button><a href="/">{m["outlet"]}</a></header><main><article class="amp-wp-article"><header class="amp-wp-article-header"><h1 class="amp-wp-title">{a["title"]}</h1><div class="amp-wp-meta amp-wp-byline"><span class="amp-wp-author author vcard">{", ".join(a["authors"])}</span></div><div class="amp-wp-meta amp-wp-posted-on"><time datetime="{m["iso"]}">{m["human"]}</time></div></header><figure class="amp-wp-article-featured-image"><amp-img src="/a.jpg" width="800" height="400"></amp-img><p class="wp-caption-text">{a["caption"]}</p></figure>
<div class="amp-wp-article-content">{body(a, ins={2: '<div class="amp-ad-wrapper amp_ad_1"><amp-ad type="doubleclick"></amp-ad></div>', 3: f'<p class="rel"><a href="/x">{t["read"]}: {heads(a, rng, 1)[0]}</a></p>', 4: '<amp-list src="/l"><template type="amp-mustache"><p>{{title}} is waiting for you with a longer text in it.</p></template></amp-list>'})}</div><footer class="amp-wp-article-footer"><div class="amp-wp-meta amp-wp-tax-category">Categories: <a href="/c">News</a></div><div class="amp-wp-meta amp-wp-comments-link"><a href="/c">{t["leave"]}</a></div></footer></article><amp-social-share type="email"></amp-social-share><section class="amp-related"><h3>{t["rel"]}</h3><ul>{"".join(f"<li><a href=/a>{h}</a></li>" for h in heads(a, rng, 4))}</ul></section></main><amp-consent id="c" layout="nodisplay"><div id="post-consent-ui">{t["cookie"]}<button>OK</button></div></amp-consent><footer class="amp-wp-footer"><p>{t["rights"]}</p></footer></body></html>'''

@skeleton("en", "fr")
def live_blog(a, m, rng):
    entries = []
    bl = [b for b in a["blocks"] if b[0] in "p>"]
    for i in range(0, len(bl), 2):
        entries.append((f"{18 - i//2}:{40 - i}", bl[i:i+2]))
    text = "".join(f'<article id="block-{i}" class="liveblog-entry block" itemprop="liveBlogUpdate" itemscope itemtype="http://schema.org/BlogPosting"><p class="block-time published-time"><a href="#b{i}"><time datetime="{m["iso"]}" itemprop="datePublished">{clock}</time></a></p><div class="block-elements liveblog-entry-content" itemprop="articleBody">{"".join("<p>"+e(x)+"</p>" for _, x in group)}</div><div class="block-share"><a href="#">Facebook</a> <a href="#">Twitter</a></div></article>' for i, (clock, group) in enumerate(entries))
    a["gold_blocks"] = bl
    return head(a, m, bulk(rng), ld=False) + f'''<body class="liveblog"><header id="hd"><nav><ul>{menu(a)}</ul></nav></header><div id="live" class="l-side-margins"><div class="content__head"><h1 class="content__headline" itemprop="headline">{a["title"]}</h1><div class="tonal__standfirst"><ul><li>{a["teaser"]}</li></ul></div><div class="meta__contact-wrap"><p class="byline">By {", ".join(a["authors"])}</p><time datetime="{m["iso"]}">{m["human"]}</time></div></div><div class="content__main-column--liveblog js-content"><div class="js-liveblog-body-content live-blog"><div class="liveblog-navigation"><button>Newest first</button><button>Oldest first</button><span>Auto-refresh on</span></div>{text}<button class="liveblog__load-more">Load more</button></div></div><div class="content__secondary-column">{cards(a, rng, 5)}</div></div><footer>{w(a)["rights"]}</footer></body></html>'''

@skeleton("en", "ru")
def paginated(a, m, rng):
    t = w(a)
    a["gold_blocks"] = a["blocks"][:5]
    return head(a, m, bulk(rng, 3), ld=False) + f'''<body><div id="container"><div id="top_nav"><ul>{menu(a)}</ul></div><div id="main_col"><div class="story"><h1>{a["title"]}</h1><div class="story_info">{t["by"]} {", ".join(a["authors"])} | {m["human"]}</div><div class="story_tools"><a href="#">Print</a> | <a href="#">E-mail</a> | <a href="#">A+</a> <a href="#">A-</a></div><div id="story_text">{body(a, only=(0, 5), h="<h3>{}</h3>")}</div><div class="pages"><span>Page 1 of 2</span> <b>1</b> <a href="?page=2">2</a> <a href="?page=2">Next »</a> <a href="?page=all">View all</a></div></div><div class="box_more"><h4>{t["more"]}</h4>{"".join(f'<div class="more_item"><a href="/s">{h}</a></div>' for h in heads(a, rng, 6))}</div></div><div id="right_col"><div class="module"><h4>Most e-mailed</h4><ol>{"".join(f"<li><a href=/e>{h}</a></li>" for h in heads(a, rng, 5))}</ol></div></div><div id="footer">© {m["outlet"]}</div></div></body></html>'''

@skeleton("en", "de", "es")
def paywall(a, m, rng):
    t = w(a)
    a["gold_blocks"] = a["blocks"][:2]
    offer = {"en": ("Subscribe to continue reading", "Get unlimited access for one month for only 1 euro. Cancel at any time. Already a subscriber? Log in here."), "de": ("Jetzt weiterlesen mit Plus", "Testen Sie unser digitales Angebot einen Monat lang für 1 Euro. Jederzeit kündbar. Sie haben schon ein Abo? Hier anmelden."), "es": ("Suscríbete para seguir leyendo", "Acceso ilimitado durante un mes por 1 euro. Cancela cuando quieras. ¿Ya eres suscriptor? Inicia sesión.")}[a["lang"]]
    ld = {"@context": "https://schema.org", "@type": "NewsArticle", "headline": a["title"], "isAccessibleForFree": False, "datePublished": m["iso"], "hasPart": {"@type": "WebPageElement", "isAccessibleForFree": False, "cssSelector": ".paywalled"}, "author": {"@type": "Person", "name": a["authors"][0] if a["authors"] else "Desk"}}
    return head(a, m, bulk(rng) + '<script type="application/ld+json">' + json.dumps(ld) + "</script>", ld=False) + f'''<body class="article--premium has-paywall"><header class="c-header"><ul>{menu(a)}</ul></header><main class="l-main"><article class="c-article c-article--paid"><div class="c-article__head"><span class="c-badge">Plus</span><h1 class="c-article__title">{a["title"]}</h1><p class="c-article__standfirst">{a["teaser"]}</p><div class="c-article__meta"><span class="c-article__author">{t["by"]} {", ".join(a["authors"])}</span> <time datetime="{m["iso"]}">{m["human"]}</time></div></div><figure class="c-figure"><img src="/1.jpg"><figcaption>{a["caption"]}</figcaption></figure><div class="c-article__body paywalled">{body(a, only=(0, 2))}<div class="c-paywall-fade"></div></div><div class="c-paywall" data-nosnippet><h2>{offer[0]}</h2><p>{offer[1]}</p><ul><li>Web &amp; App</li><li>Podcast</li></ul><a class="c-btn" href="/abo">OK</a></div></article><section class="c-teaserlist">{cards(a, rng, 6, "article", "c-teaser")}</section></main><footer class="c-footer">{t["rights"]}</footer></body></html>'''

@skeleton("en", "ar")
def ld_cut_short(a, m, rng):
    t = w(a)
    text = " ".join(x for _, x in a["blocks"])
    ld = {"@context": "https://schema.org", "@type": "NewsArticle", "headline": a["title"], "articleBody": text[: len(text) // 4] + "...", "datePublished": m["iso"], "author": [{"@type": "Person", "name": x} for x in a["authors"]], "publisher": {"@type": "Organization", "name": m["outlet"]}}
    return head(a, m, bulk(rng) + '<script type="application/ld+json">' + json.dumps(ld, ensure_ascii=False) + "</script>", ld=False) + f'''<body class="single"><div class="header-main"><ul class="nav">{menu(a)}</ul></div><div class="container"><div class="row"><div class="col-md-8 left-side"><h1 class="title-news">{a["title"]}</h1><div class="date-news"><span>{m["human"]}</span> <span class="writer">{", ".join(a["authors"])}</span></div><div class="share-news"><a href="#">fb</a><a href="#">tw</a></div><div class="img-news"><img src="/y.jpg"><span class="img-desc">{a["caption"]}</span></div><div class="details-news">{body(a, p='<div class="ptext">{}</div>', h='<div class="ptext"><strong>{}</strong></div>', q='<div class="ptext quote">{}</div>', ins={3: f'<div class="readalso"><span>{t["read"]}</span><a href="/1">{heads(a, rng, 1)[0]}</a></div>'})}</div><div class="tags-news"><span>{t["tags"]}:</span>{"".join(f"<a href=/t>{x}</a>" for x in a["tags"])}</div><div class="related-news"><h3>{t["rel"]}</h3>{cards(a, rng, 4, "div", "item")}</div></div><div class="col-md-4 right-side"><div class="most-read"><h3>{t["more"]}</h3><ul>{"".join(f"<li><a href=/m>{h}</a></li>" for h in heads(a, rng, 5))}</ul></div></div></div></div><div class="footer-main"><p>{t["rights"]} © {m["outlet"]}</p></div></body></html>'''
