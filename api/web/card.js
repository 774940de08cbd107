// One suggestion: the move, how sure it is, why, and the rep's answer.

import { bar, el, notice, replace } from './dom.js';
import { percent } from './format.js';
import { label, pick, t } from './i18n.js';
import { chips } from './chips.js';
import { verdictPart } from './verdict_form.js';

/**
 * The card as an element that redraws itself. `place`: {suggestion, verdict, draft, nameOf};
 * `open` shows a source, `saved(verdict)` is told of a stored verdict.
 */
export function card(place, n, { open, saved }) {
  const { suggestion } = place;
  const foot = el('div', { class: 'card-foot' });
  const drawFoot = (focus) => {
    replace(foot, verdictPart(place, { redraw: drawFoot, saved: store }));
    root.dataset.verdict = place.verdict?.kind ?? '';
    if (focus) foot.querySelector(focus)?.focus();
  };
  const store = (verdict) => {
    place.verdict = verdict;
    Object.assign(place.draft, { mode: 'closed', busy: false });
    drawFoot('.verdict button');
    saved(verdict);
  };
  const root = el(
    'article',
    {
      class: 'card',
      'aria-labelledby': `move-${suggestion.id}`,
      data: { suggestion: suggestion.id },
    },
    head(suggestion, n),
    claims(suggestion, open),
    limits(suggestion),
    scoring(suggestion),
    el(
      'p',
      { class: 'card-origin' },
      el(
        'a',
        {
          class: 'link',
          href: `provenance.html?suggestion=${encodeURIComponent(suggestion.id)}`,
          target: '_blank',
          // Ours, and it needs this tab's key.
          rel: 'opener',
        },
        t('origin.open'),
      ),
    ),
    foot,
  );
  drawFoot(null);
  return root;
}

function head(suggestion, n) {
  return el(
    'header',
    { class: 'card-head' },
    el('p', { class: 'play' }, el('span', { class: 'number' }, String(n)), pick(suggestion.title)),
    el('h3', { class: 'move', id: `move-${suggestion.id}` }, pick(suggestion.move)),
    confidence(suggestion.confidence),
    suggestion.stale ? notice(t('coach.stale')) : null,
    suggestion.drafted_by === 'model'
      ? el('p', { class: 'quiet' }, t('coach.drafted_by_model'))
      : null,
  );
}

/** Number and word side by side, and whether verdicts stand behind them. */
export function confidence(sure) {
  const basis = t(`basis.${sure.basis}`, { n: sure.n_verdicts });
  return el(
    'p',
    { class: 'confidence', data: { word: sure.word } },
    bar(sure.p, sure.word),
    el('strong', { class: 'share' }, percent(sure.p)),
    el('span', { class: 'word' }, t(`word.${sure.word}`)),
    el('span', { class: 'basis' }, basis),
  );
}

function claims(suggestion, open) {
  return el(
    'section',
    { class: 'claims', 'aria-label': t('coach.why') },
    el('h4', { class: 'minor' }, t('coach.why')),
    el(
      'ol',
      {},
      suggestion.claims.map((claim) =>
        el(
          'li',
          { class: 'claim', data: { claim: claim.id } },
          el('p', {}, withQuotes(pick(claim.text))),
          chips(claim.evidence, open),
        ),
      ),
    ),
  );
}

/** Words in “ ” are the customer's: they are set apart from ours. Days are not broken. */
export function withQuotes(text) {
  return text.split(/(“[^”]*”|\d{4}-\d{2}-\d{2})/).map((part, n) => {
    if (n % 2 === 0) return part;
    return part.startsWith('“')
      ? el('q', { class: 'said' }, part)
      : el('span', { class: 'day' }, part);
  });
}

/** What would make the move wrong, and what not to do on the way. */
function limits(suggestion) {
  const moves = suggestion.forbidden.map((code) => label('forbidden', code));
  const joined = moves.join(t('coach.comma'));
  return el(
    'dl',
    { class: 'limits' },
    el('div', {}, el('dt', {}, t('coach.wrong_if')), el('dd', {}, pick(suggestion.wrong_if))),
    joined ? el('div', {}, el('dt', {}, t('coach.forbidden')), el('dd', {}, joined)) : null,
  );
}

function scoring(suggestion) {
  const features = Object.entries(suggestion.confidence.features);
  if (!features.length) return null;
  return el(
    'details',
    { class: 'scoring' },
    el('summary', {}, t('coach.scoring')),
    suggestion.confidence.basis === 'prior'
      ? el('p', { class: 'quiet' }, t('basis.prior_hint'))
      : null,
    el(
      'div',
      { class: 'features' },
      features.map(([name, share]) => [
        el('span', {}, label('feature', name)),
        bar(share),
        el('span', { class: 'figure' }, percent(share)),
      ]),
    ),
  );
}
