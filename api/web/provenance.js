// provenance.html?suggestion=<id>: each sentence of a suggestion with the words it rests on, for
// somebody who was not there: who said them, when, where, and whether they stand today.

import * as api from './api.js';
import { withQuotes } from './card.js';
import { el, icon, notice, replace } from './dom.js';
import { clock, day, moment } from './format.js';
import { label, pick, t } from './i18n.js';
import { failure, languageSwitch, session } from './page.js';

const FORMATS = { prov: 'prov.json', annotations: 'annotations.jsonld' };

const root = document.getElementById('origin');
let found = null;

function draw() {
  root.setAttribute('aria-label', t('origin.title'));
  if (!found) return;
  document.title = `${pick(found.title)} · ${t('app.name')}`;
  replace(root, head(), el('ol', { class: 'origin-claims' }, found.claims.map(claim)), exports());
}

function head() {
  const reason = found.stale_reason ? `origin.${found.stale_reason}` : null;
  return el(
    'header',
    { class: 'origin-head' },
    el('p', { class: 'play' }, `${found.account} · ${t('origin.title')}`),
    el('h1', {}, pick(found.title)),
    el('p', { class: 'move' }, pick(found.move)),
    el('p', { class: 'muted' }, t('origin.shown_at', { when: moment(found.created_at) })),
    reason ? notice(label('origin', found.stale_reason)) : null,
    !reason && found.moved ? el('p', { class: 'quiet' }, t('origin.was_moved')) : null,
  );
}

function claim(one) {
  return el(
    'li',
    { class: 'panel origin-claim', data: { claim: one.id, holds: one.holds ? 'yes' : 'no' } },
    el('h2', { class: 'origin-text' }, withQuotes(pick(one.text))),
    el(
      'p',
      { class: 'origin-holds' },
      icon(one.holds ? 'check' : 'alert'),
      t(one.holds ? 'origin.holds' : 'origin.fallen'),
    ),
    el('h3', { class: 'minor' }, t('origin.words')),
    el('ul', {}, one.evidence.map(words)),
  );
}

function words(one) {
  return el(
    'li',
    { class: 'origin-evidence', data: { channel: one.channel, holds: one.holds } },
    el('p', { class: 'origin-who' }, icon(one.channel), who(one)),
    el('blockquote', { class: 'words' }, one.before, el('mark', {}, one.quote), one.after),
    el(
      'p',
      { class: 'muted' },
      [one.title, one.now?.file ?? one.file, t(`origin.${one.holds}`)].filter(Boolean).join(' · '),
    ),
  );
}

function who(one) {
  const role = one.speaker ? label('role', one.role) : null;
  return [
    one.speaker,
    role,
    one.said_on ? day(one.said_on, { year: true }) : null,
    one.start_ms === null ? null : clock(one.start_ms),
    label('channel', one.channel),
    one.crm_field ? label('field', one.crm_field) : null,
  ]
    .filter(Boolean)
    .join(' · ');
}

function exports() {
  return el(
    'section',
    { class: 'origin-exports', 'aria-label': t('origin.exports') },
    el('h2', { class: 'minor' }, t('origin.exports')),
    Object.keys(FORMATS).map((format) =>
      el(
        'button',
        {
          class: 'button',
          type: 'button',
          data: { format },
          on: { click: (event) => save(format, event.currentTarget) },
        },
        t(`origin.${format}`),
      ),
    ),
  );
}

/** The export needs the key, which a plain link would not send. */
async function save(format, button) {
  button.disabled = true;
  try {
    const shape = await api.exported(found.id, format);
    const file = new Blob([JSON.stringify(shape, null, 2)], { type: 'application/json' });
    const address = URL.createObjectURL(file);
    const link = el('a', { href: address, download: `${found.id}.${FORMATS[format]}` });
    link.click();
    setTimeout(() => URL.revokeObjectURL(address), 1000);
  } catch (problem) {
    button.after(notice(problem.message || t('app.offline')));
  } finally {
    button.disabled = false;
  }
}

async function start() {
  languageSwitch(document.getElementById('language'), draw);
  const id = new URLSearchParams(location.search).get('suggestion');
  if (!id) {
    replace(root, el('p', { class: 'placeholder' }, t('origin.none_named')));
    return;
  }
  try {
    await session(root);
    found = await api.standing(id);
    draw();
  } catch (problem) {
    replace(root, failure(problem));
  }
}

start();
