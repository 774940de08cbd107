// A source laid out for reading, with the exact words in one <mark>.
//
// Spans count code points while JavaScript's strings count UTF-16 units, so every span is
// translated once before a text is cut. Source text becomes text nodes, never markup.

import { el, notice } from './dom.js';
import { clock, day, list } from './format.js';
import { label, language, pick, t } from './i18n.js';

/** Code-point positions as UTF-16 positions of the same text; one pass, any order. */
export function unitsOf(text, positions) {
  const sorted = [...new Set(positions)].sort((a, b) => a - b);
  const found = new Map();
  let unit = 0;
  let point = 0;
  for (const wanted of sorted) {
    while (point < wanted && unit < text.length) {
      unit += text.codePointAt(unit) > 0xffff ? 2 : 1;
      point += 1;
    }
    found.set(wanted, unit);
  }
  return found;
}

/** The source's parts with UTF-16 spans; `mark` is null where the quote is not at its place. */
function located(source, evidence) {
  const spans = [
    ...source.utterances.map((u) => u.span),
    ...source.regions.map((r) => r.span),
    ...(evidence ? [evidence.span] : []),
  ];
  const units = unitsOf(source.text, spans.flat());
  const inUnits = ([start, end]) => [units.get(start), units.get(end)];
  const mark = evidence ? inUnits(evidence.span) : null;
  const isThere = mark && source.text.slice(...mark) === evidence.quote;
  return {
    mark: isThere ? mark : null,
    utterances: source.utterances.map((u) => ({ ...u, span: inUnits(u.span) })),
    regions: source.regions.map((r) => ({ ...r, span: inUnits(r.span) })),
  };
}

/** text[from, to) with the marked part in <mark>, where it begins in this piece. */
function marked(text, [from, to], mark) {
  if (!mark || mark[0] < from || mark[0] >= to) return [text.slice(from, to)];
  return [
    text.slice(from, mark[0]),
    el('mark', { tabindex: '-1' }, text.slice(...mark)),
    text.slice(mark[1], Math.max(to, mark[1])),
  ];
}

/** The drawer's content for a mail, meeting, record or text. */
export function sourceView(source, evidence) {
  const parts = located(source, evidence);
  const isLost = evidence && !parts.mark;
  const cover = parts.utterances.find(
    (u) => parts.mark && u.span[0] <= parts.mark[0] && parts.mark[1] <= u.span[1],
  );
  const asTalk = source.channel === 'meeting' && parts.utterances.length > 0;
  return [
    isLost ? notice(t('source.moved')) : null,
    asTalk && (cover || !parts.mark)
      ? talk(source.text, parts, cover)
      : source.channel === 'email'
        ? mail(source.text, parts)
        : plain(source, parts),
  ];
}

function talk(text, parts, cover) {
  return el(
    'ol',
    { class: 'talk' },
    parts.utterances.map((u) =>
      el(
        'li',
        { class: 'utterance', data: { role: u.role, cited: u === cover ? 'yes' : 'no' } },
        el(
          'div',
          { class: 'utterance-head' },
          el('span', { class: 'speaker' }, u.speaker ?? label('role', 'unknown')),
          el('span', { class: 'muted' }, label('role', u.role)),
          u.start_ms === null ? null : el('time', { class: 'time' }, clock(u.start_ms)),
        ),
        el('p', { class: 'words' }, marked(text, u.span, u === cover ? parts.mark : null)),
      ),
    ),
  );
}

/** The body in order; quoted mail, signature and footer are set apart from the writer's words. */
function mail(text, parts) {
  const regions = parts.regions.length ? parts.regions : [{ kind: 'body', span: [0, text.length] }];
  const pieces = [];
  let at = 0;
  for (const region of regions) {
    const [start, end] = region.span;
    const from = Math.max(start, at);
    if (at < from) pieces.push(piece('body', text, [at, from], parts.mark));
    // A quote that runs over a region's end is shown whole in the region where it begins.
    const begins = parts.mark && parts.mark[0] >= from && parts.mark[0] < end;
    const to = begins ? Math.max(end, parts.mark[1]) : end;
    if (from < to) pieces.push(piece(region.kind, text, [from, to], parts.mark));
    at = Math.max(at, to);
  }
  if (at < text.length) pieces.push(piece('body', text, [at, text.length], parts.mark));
  return el('div', { class: 'mail' }, pieces);
}

function piece(kind, text, span, mark) {
  const isEmpty = !text.slice(...span).trim();
  return el(
    'div',
    { class: 'region', data: { kind } },
    kind === 'body' || isEmpty ? null : el('div', { class: 'region-name' }, label('region', kind)),
    el('div', { class: 'words' }, marked(text, span, mark)),
  );
}

function plain(source, parts) {
  const kind = source.channel === 'crm' ? 'raw' : 'words';
  return el('div', { class: kind }, marked(source.text, [0, source.text.length], parts.mark));
}

/** Who, when and where from: the lines above a source's text. */
export function sourceFacts(source, evidence) {
  const to = source.to.length ? list(source.to) : null;
  const people = source.participants.length ? list(source.participants) : null;
  const version = source.version > 1 ? `（${t('source.version', { n: source.version })}）` : '';
  return facts([
    ['source.date', source.said_on ? day(source.said_on, { year: true }) : null],
    ['source.from', source.channel === 'email' ? source.sender : null],
    ['source.to', source.channel === 'email' ? to : null],
    ['source.with', source.channel === 'meeting' ? people : null],
    ['source.field', evidence?.crm_field ? label('field', evidence.crm_field) : null],
    ['source.file', `${source.path}${version}`],
  ]);
}

/** A term: its labels in both languages, where it belongs, and the pack it comes from. */
export function termView(term, evidence) {
  const names = (of) => [term.pref_label[of], ...(term.alt_labels[of] ?? [])];
  let isMarked = false;
  const shown = (name) => {
    if (isMarked || name !== evidence.quote) return el('li', {}, name);
    isMarked = true;
    return el('li', {}, el('mark', { tabindex: '-1' }, name));
  };
  const order = language() === 'zh' ? ['zh', 'en'] : ['en', 'zh'];
  return [
    order.map((of) =>
      el(
        'section',
        { class: 'term-labels' },
        el('h3', { class: 'minor' }, t(`source.${of}`)),
        el('ul', { class: 'labels' }, names(of).map(shown)),
      ),
    ),
    isMarked ? null : el('p', {}, el('mark', { tabindex: '-1' }, evidence.quote)),
    term.broader.length
      ? el(
          'section',
          { class: 'term-labels' },
          el('h3', { class: 'minor' }, t('source.broader')),
          el('p', { class: 'trail' }, term.broader.map(pick).join(' › ')),
        )
      : null,
    facts([
      ['field.industry', label('industry', term.scheme)],
      ['source.pack', term.file],
    ]),
  ];
}

export function facts(rows) {
  return el(
    'dl',
    { class: 'facts' },
    rows
      .filter(([, value]) => value !== null && value !== undefined && value !== '')
      .map(([key, value]) => [el('dt', {}, t(key)), el('dd', {}, value)]),
  );
}
