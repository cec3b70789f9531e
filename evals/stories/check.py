#!/usr/bin/env python3
"""Check gold story sets against their pages.

usage: check.py [GOLD.json:DOCS_DIR ...]   (default: every GOLD.json beside this file with ../../examples/NAME)
Exit status 1 when anything is wrong. Prints one line of counts per set and the event types over all sets."""
import collections, glob, html, json, os, re, sys

HERE = os.path.dirname(os.path.abspath(__file__))
TYPES = set('AGREE CONSULT SUPPORT COOPERATE AID CONCEDE RETREAT REQUEST ACCUSE REJECT THREATEN PROTEST '
            'MOBILIZE SANCTION COERCE ASSAULT'.split())
POLARITY = {'affirmed', 'negated', 'denied'}
MODALITY = {'actual', 'future', 'hypothetical', 'historical'}
FLAGS = {'machine_translated', 'word_spun', 'comment_spam', 'truncated', 'duplicate_teaser', 'spam_link', 'opinion'}
STANCE = {'states', 'differs', 'denies', 'silent'}
VERDICT = {'corroborated', 'only-here', 'differs', 'contradicted', 'self-inconsistent'}
SECTORS = set('GOV MIL REB OPP PTY COP JUD SPY MED EDU BUS CRM CVL LEG LAB AGR ELI HLH JRN HRI REF REL PRM UAF '
              'SOC DEV ENV BLK GOVERNMENT IGO NGO TRB UNK'.split())
DATE = re.compile(r'^(\d{4}(-\d{2}(-\d{2})?)?)?$')
CODE = re.compile(r'^[A-Z]{3}$')

def flat(s):
    return re.sub(r'\s+', ' ', s)

def stretches(raw, is_html):
    """Stretches of visible text: an anchor may cross no tag and no entity."""
    if not is_html:
        return [flat(raw)]
    raw = re.sub(r'(?is)<(script|style)\b.*?</\1\s*>', '<x>', raw)
    raw = re.sub(r'(?is)<head\b.*?</head\s*>', '<x>', raw)
    raw = re.sub(r'(?s)<!--.*?-->', '<x>', raw)
    return [flat(p) for p in re.split(r'(?s)<[^>]*>|&#?\w+;', raw)]

def visible(raw, is_html):
    if not is_html:
        return flat(raw)
    raw = re.sub(r'(?is)<(script|style)\b.*?</\1\s*>', ' ', raw)
    return flat(html.unescape(re.sub(r'(?s)<[^>]*>', '\x00', raw)).replace('\x00', ''))

def check(gold_path, docs_dir):
    bad = []
    say = lambda *w: bad.append(' '.join(str(x) for x in w))
    gold = json.load(open(gold_path, encoding='utf-8'))
    files = sorted(f for f in os.listdir(docs_dir) if f.endswith(('.txt', '.html')))
    if sorted(gold['documents']) != files:
        say('documents and files differ:', sorted(set(files) ^ set(gold['documents'])))
    others = [f for f in os.listdir(docs_dir) if f not in files]
    if others:
        say('not pages:', others)
    raws = {f: open(os.path.join(docs_dir, f), encoding='utf-8').read() for f in files}
    actors = gold['actors']

    def anchor(doc, text, what):
        raw = raws.get(doc)
        if raw is None:
            return say(what, 'names no document:', doc)
        if not text:
            return say(what, 'empty anchor')
        n = raw.count(text)
        if n != 1:
            say(doc, what, f'anchor occurs {n} times in the raw file:', repr(text))
        hits = sum(s.count(flat(text)) for s in stretches(raw, doc.endswith('.html')))
        if hits != 1:
            say(doc, what, f'anchor occurs {hits} times in one stretch of visible text:', repr(text))

    ids = {}
    for doc, d in gold['documents'].items():
        for f in d['flags']:
            if f not in FLAGS:
                say(doc, 'flag', f)
        if not d['published'] or not all(DATE.match(x) for x in d['published']):
            say(doc, 'published', d['published'])
        vis = visible(raws.get(doc, ''), doc.endswith('.html'))
        for s in d['drop'] + d.get('drop_flagged', []):
            if flat(s) not in vis:
                say(doc, 'drop not in the page:', repr(s))
            if flat(s) and s in d['drop']:
                for x in d['events'] + d['quotes']:
                    if x['anchor'] in s:
                        say(doc, 'anchor inside furniture:', repr(x['anchor']))
        for x in ('outlet', 'byline'):
            if d[x] and d[x] not in html.unescape(raws.get(doc, '')):
                say(doc, x, 'not in the page:', d[x])
        for e in d['events']:
            if e['id'] in ids:
                say('id twice', e['id'])
            ids[e['id']] = doc
            anchor(doc, e['anchor'], e['id'])
            if not e['types'] or not set(e['types']) <= TYPES:
                say(e['id'], 'types', e['types'])
            for side in ('actor', 'recipient'):
                v = e[side]
                if v is not None and (not v or not all(c is None or c == '*' or CODE.match(c) for c in v)):
                    say(e['id'], side, v)
                key = e.get(side + '_key')
                if key is not None and key not in actors:
                    say(e['id'], side + '_key', key)
                elif key and v and '*' not in v and actors[key]['code'] not in v:
                    say(e['id'], side, 'code of', key, 'not accepted:', v)
            if e['attribution'] is not None and e['attribution'] not in actors:
                say(e['id'], 'attribution', e['attribution'])
            for field, known in (('polarity', POLARITY), ('modality', MODALITY)):
                v = e[field] if isinstance(e[field], list) else [e[field]]
                if not v or not set(v) <= known:
                    say(e['id'], field, v)
            if not e['dates'] or not all(DATE.match(x) for x in e['dates']):
                say(e['id'], 'dates', e['dates'])
            if not isinstance(e['core'], bool):
                say(e['id'], 'core')
        for q in d['quotes']:
            anchor(doc, q['anchor'], 'quote')
            if q['speaker'] not in actors:
                say(doc, 'speaker', q['speaker'])
            if q['kind'] not in ('direct', 'indirect', 'mixed'):
                say(doc, 'kind', q['kind'])
        for f in d['forbidden']:
            if not set(f) <= {'why', 'types', 'actor', 'recipient', 'pair', 'asserted_only', 'anchor', 'dates'} or 'why' not in f:
                say(doc, 'forbidden fields', f)
            if not set(f) & {'actor', 'recipient', 'pair', 'anchor', 'dates'}:
                say(doc, 'forbidden names nothing the scorer uses:', f)
            if 'anchor' in f:
                anchor(doc, f['anchor'], 'forbidden')
            if not set(f.get('types', [])) <= TYPES:
                say(doc, 'forbidden types', f)
            for side in ('actor', 'recipient', 'pair'):
                if not all(CODE.match(c) for c in f.get(side, [])):
                    say(doc, 'forbidden', side, f)
    text = flat(' '.join(html.unescape(r) for r in raws.values()))
    for k, a in actors.items():
        if not CODE.match(a['code']):
            say(k, 'code', a['code'])
        if a['sector'] not in SECTORS:
            say(k, 'sector', a['sector'])
        if not a['forms'] and not a.get('nominals'):
            say(k, 'has no form')
        for f in a['forms'] + a.get('nominals', []):
            if f not in text:
                say(k, 'form in no page:', f)
    for a, b in gold['not_same_actor']:
        if a not in actors or b not in actors or a == b:
            say('not_same_actor', a, b)
    placed = collections.Counter(f for s in gold['stories']['same'] for f in s)
    for f in set(files) | set(placed):
        if placed[f] != 1 or f not in files:
            say('story lists hold', f, placed[f], 'times')
    story_of = {f: i for i, s in enumerate(gold['stories']['same']) for f in s}
    seen = collections.Counter()
    for group in gold['coreference']:
        if len(group) < 2:
            say('coreference of one', group)
        for i in group:
            seen[i] += 1
            if i not in ids:
                say('coreference: no event', i)
    for i, n in seen.items():
        if n > 1:
            say('coreference: twice', i)
    said = {(doc, q['anchor']) for doc, d in gold['documents'].items() for q in d['quotes']}
    for group in gold['utterances']:
        for doc, a in group:
            if (doc, a) not in said:
                say('utterance is no quote:', doc, a)
    claims = collections.Counter()
    for c in gold['claims']:
        claims[c['id']] += 1
        if claims[c['id']] > 1:
            say('claim id twice', c['id'])
        if c['verdict'] not in VERDICT:
            say(c['id'], 'verdict', c['verdict'])
        docs = set(c['cells'])
        stories = {story_of.get(d) for d in docs}
        if len(stories) != 1:
            say(c['id'], 'cells in several stories')
        elif docs != set(gold['stories']['same'][stories.pop()]):
            say(c['id'], 'a document of the story has no cell')
        full = [d for d, x in c['cells'].items() if x['stance'] != 'silent']
        for d, x in c['cells'].items():
            if x['stance'] not in STANCE:
                say(c['id'], 'stance', x['stance'])
            if x['stance'] != 'silent':
                anchor(d, x.get('anchor', ''), c['id'])
        kinds = {c['cells'][d]['stance'] for d in full}
        family = {d: next((i for i, o in enumerate(gold['origins']) if d in o), d) for d in full}
        n = len(set(family.values()))
        if 'origins' in c and c['origins'] != n:
            say(c['id'], 'origins', c['origins'], 'but the origin lists give', n)
        if c['verdict'] == 'only-here' and n != 1:
            say(c['id'], 'only-here, from', n, 'origins')
        if c['verdict'] in ('corroborated', 'differs') and len(full) < 2:
            say(c['id'], c['verdict'], 'with one document')
        if c['verdict'] == 'contradicted' and not kinds & {'denies', 'differs'}:
            say(c['id'], 'contradicted without another voice')
        if c['verdict'] == 'corroborated' and 'denies' in kinds:
            say(c['id'], 'corroborated, yet denied')
    for c in gold['conflicts']:
        for f in c['values']:
            if f not in files:
                say('conflict', c['field'], f)
    for o in gold['origins']:
        for f in o:
            if f not in files:
                say('origin', f)
    count = collections.Counter()
    lists = collections.Counter()
    for d in gold['documents'].values():
        for e in d['events']:
            count[e['types'][0]] += 1
            for v in e['polarity'] if isinstance(e['polarity'], list) else [e['polarity']]:
                lists[v] += 1
            v = e['modality'] if isinstance(e['modality'], list) else [e['modality']]
            lists[v[0]] += 1
    words = {f: len(re.findall(r'\w+', visible(re.sub(r'(?is)<head\b.*?</head\s*>', '', r), f.endswith('.html')))) for f, r in raws.items()}
    print(os.path.basename(gold_path), 'pages', len(files), 'events', len(ids), 'core',
          sum(e['core'] for d in gold['documents'].values() for e in d['events']), 'quotes', len(said), 'claims',
          len(gold['claims']), 'conflicts', len(gold['conflicts']), 'coreference', len(gold['coreference']),
          'utterances', len(gold['utterances']), 'forbidden', sum(len(d['forbidden']) for d in gold['documents'].values()),
          'words', f'{min(words.values())}-{max(words.values())}', 'faults', len(bad))
    for b in bad:
        print('  ', b)
    return len(bad), count, lists

def main():
    pairs = [a.split(':') for a in sys.argv[1:]]
    if not pairs:
        for g in sorted(glob.glob(os.path.join(HERE, '*.json'))):
            d = os.path.join(HERE, '..', '..', 'examples', os.path.basename(g)[:-5])
            if os.path.isdir(d):
                pairs.append((g, d))
    faults, count, lists = 0, collections.Counter(), collections.Counter()
    for g, d in pairs:
        n, c, l = check(g, d)
        faults += n
        count += c
        lists += l
    print('first accepted type:', ' '.join(f'{t} {count[t]}' for t in sorted(TYPES)))
    print('polarity and first modality:', ' '.join(f'{k} {v}' for k, v in sorted(lists.items())))
    missing = sorted(t for t in TYPES if not count[t])
    if missing:
        print('types without an event:', missing)
    return 1 if faults else 0

if __name__ == '__main__':
    sys.exit(main())
