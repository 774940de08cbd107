// index.html: deals on the left, the record in the middle, Junshi beside it.

import * as api from './api.js';
import { el, replace } from './dom.js';
import { Drawer } from './drawer.js';
import { money } from './format.js';
import { label, t } from './i18n.js';
import { failure, languageSwitch, session } from './page.js';
import { RecordPage } from './record.js';
import { Sidebar } from './sidebar.js';

const byId = (id) => document.getElementById(id);
const narrow = matchMedia('(max-width: 899px)');

const drawer = new Drawer(byId('drawer'), {
  covers: [byId('top'), byId('deals'), byId('record'), byId('coach')],
  isNarrow: narrow,
});
const record = new RecordPage(byId('record'), {
  open: (touchpoint, opener) => drawer.open(touchpoint, opener),
});
const sidebar = new Sidebar(byId('coach'), {
  open: (evidence, opener) => drawer.open(evidence, opener),
  onReport: (report) => record.mark(report),
});

let deals = [];
let caller = null;
let current = null;

function wanted() {
  return new URLSearchParams(location.search).get('deal');
}

async function choose(id, { remember = true } = {}) {
  current = id;
  drawer.close();
  drawRail();
  if (remember) history.pushState(null, '', `?deal=${encodeURIComponent(id)}`);
  try {
    const deal = await api.deal(id);
    if (current !== id) return;
    record.show(deal);
    document.title = `${deal.record.opportunity?.name ?? id} · ${t('app.name')}`;
    await sidebar.load(deal, caller);
  } catch (problem) {
    if (current !== id) return;
    replace(byId('record'), failure(problem));
    replace(byId('coach'));
  }
}

function drawRail() {
  const rail = byId('deals');
  rail.setAttribute('aria-label', t('deals.title'));
  if (!deals.length) {
    replace(rail, el('p', { class: 'quiet' }, t('deals.empty')));
    return;
  }
  replace(
    rail,
    el(
      'h2',
      { class: 'rail-title' },
      t('deals.title'),
      el('span', { class: 'muted' }, String(deals.length)),
    ),
    el('ul', {}, deals.map(railItem)),
    el(
      'label',
      { class: 'rail-choice' },
      el('span', { class: 'unseen' }, t('deals.choose')),
      el(
        'select',
        { on: { change: (event) => choose(event.currentTarget.value) } },
        deals.map(({ id, account, name }) =>
          el('option', { value: id, selected: id === current }, `${account} · ${name}`),
        ),
      ),
    ),
  );
}

function railItem(deal) {
  const facts = [
    deal.stage ? label('stage', deal.stage) : null,
    deal.amount ? money(deal.amount, deal.currency) : null,
  ];
  const go = (event) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    choose(deal.id);
  };
  return el(
    'li',
    {},
    el(
      'a',
      {
        href: `?deal=${encodeURIComponent(deal.id)}`,
        'aria-current': deal.id === current ? 'page' : null,
        on: { click: go },
      },
      el('span', { class: 'rail-account' }, deal.account),
      el('span', { class: 'rail-deal' }, deal.name),
      el('span', { class: 'rail-facts' }, facts.filter(Boolean).join(' · ')),
    ),
  );
}

function drawFrame() {
  byId('brand-name').textContent = t('app.name');
  byId('brand-line').textContent = t('app.tagline');
  byId('skip').textContent = t('app.skip');
  byId('record').setAttribute('aria-label', t('record.label'));
  byId('coach').setAttribute('aria-label', t('app.name'));
}

function redraw() {
  drawFrame();
  if (!caller) return;
  drawRail();
  record.redraw();
  sidebar.redraw();
  drawer.redraw();
}

async function start() {
  languageSwitch(byId('language'), redraw);
  drawFrame();
  try {
    caller = await session(byId('record'));
    deals = await api.deals();
  } catch (problem) {
    replace(byId('record'), failure(problem));
    return;
  }
  drawRail();
  const first = wanted() ?? deals[0]?.id;
  if (first) await choose(first, { remember: false });
  else replace(byId('record'), el('p', { class: 'placeholder' }, t('deals.empty')));
}

addEventListener('popstate', () => {
  // A link to a place on the page fires this too; the deal is then the same.
  const id = wanted() ?? deals[0]?.id;
  if (id && id !== current) choose(id, { remember: false });
});
start();
