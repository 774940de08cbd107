// The CRM-like middle of the page: the record as the CRM holds it, and the touchpoints.
//
// deal.json comes as it was read: a field may be missing or of an odd type, and nothing is hidden.

import { el, icon, replace } from './dom.js';
import { contactName, count, day, fieldText, list, moment } from './format.js';
import { label, t } from './i18n.js';

const PATH = ['lead', 'qualified', 'demo', 'poc', 'proposal', 'negotiation', 'won'];
const FIELDS = [
  'amount',
  'expected_close',
  'budget_status',
  'decision_maker',
  'competitors',
  'trial_window',
  'next_step',
  'products',
  'csat',
  'created_at',
  'updated_at',
];

export class RecordPage {
  /** `open(touchpoint, opener)` shows a whole source. */
  constructor(root, { open }) {
    this.root = root;
    this.open = open;
    this.deal = null;
    this.deviating = new Map();
  }

  show(deal) {
    this.deal = deal;
    this.deviating = new Map();
    this.redraw();
    this.root.scrollTop = 0;
  }

  /** Marks the fields that the customer's words contradict. */
  mark(report) {
    this.deviating = new Map(report.deviations.map((one) => [one.field, one.severity]));
    this.redraw();
  }

  redraw() {
    if (!this.deal) return;
    const { record } = this.deal;
    replace(
      this.root,
      heading(record),
      this.#path(record),
      el(
        'div',
        { class: 'panels' },
        el(
          'div',
          { class: 'panel-column' },
          panel('record.opportunity', this.#fields(record)),
          this.#timeline(),
        ),
        el(
          'div',
          { class: 'panel-column' },
          panel('record.account', accountFields(record)),
          panel('record.contacts', contacts(record)),
        ),
      ),
    );
  }

  #path(record) {
    const stage = String(record.opportunity.stage ?? '');
    const steps = stage === 'lost' ? [...PATH.slice(0, -1), 'lost'] : PATH;
    const at = steps.indexOf(stage);
    return el(
      'ol',
      { class: 'path', 'aria-label': t('record.stage_path') },
      steps.map((step, n) =>
        el(
          'li',
          {
            data: { state: n === at ? 'now' : n < at ? 'past' : 'ahead' },
            'aria-current': n === at ? 'step' : null,
          },
          label('stage', step),
        ),
      ),
      this.#mark('stage'),
    );
  }

  #mark(field) {
    if (!this.deviating.has(field)) return null;
    return el(
      'a',
      {
        class: 'differs',
        href: `#deviation-${field}`,
        title: t('record.deviates'),
        'aria-label': t('record.deviates'),
        data: { severity: this.deviating.get(field) },
      },
      icon('differs'),
    );
  }

  #fields(record) {
    return el(
      'dl',
      { class: 'fields' },
      FIELDS.map((field) => {
        const value = valueOf(record, field);
        const isEmpty = value === null || value === undefined || value === '' || value.length === 0;
        if (isEmpty && field === 'csat') return null;
        const text = isEmpty ? t('app.none') : fieldText(field, value, record);
        return el(
          'div',
          { data: { field } },
          el('dt', {}, label('field', field)),
          el('dd', { class: isEmpty ? 'unset' : null }, text, this.#mark(field)),
        );
      }),
    );
  }

  #timeline() {
    const { touchpoints } = this.deal;
    return el(
      'section',
      { class: 'panel timeline', 'aria-labelledby': 'timeline-title' },
      el(
        'h2',
        { class: 'panel-title', id: 'timeline-title' },
        t('record.timeline'),
        el('span', { class: 'muted' }, t('record.timeline_count', { n: touchpoints.length })),
      ),
      touchpoints.length
        ? el('ol', {}, touchpoints.map((one) => this.#touchpoint(one)))
        : el('p', { class: 'quiet' }, t('record.no_touchpoints')),
    );
  }

  #touchpoint(one) {
    const people = one.channel === 'email' ? plainName(one.sender) : list(one.participants);
    return el(
      'li',
      {},
      el(
        'button',
        {
          class: 'touchpoint',
          type: 'button',
          'aria-haspopup': 'dialog',
          on: { click: (event) => this.open(one, event.currentTarget) },
        },
        el('span', { class: 'when' }, one.said_on ? day(one.said_on) : ''),
        icon(one.channel),
        el(
          'span',
          { class: 'what' },
          el('span', { class: 'subject' }, one.title || one.path),
          el(
            'span',
            { class: 'muted' },
            [label('channel', one.channel), people, one.automatic ? t('record.automatic') : '']
              .filter(Boolean)
              .join(' · '),
          ),
        ),
      ),
    );
  }
}

/** "王建国 <wang@…>" is shown as 王建国. */
function plainName(sender) {
  return sender ? sender.replace(/\s*<[^>]*>\s*$/, '') || sender : '';
}

function heading(record) {
  const { account, opportunity, rep } = record;
  const industry = account.industry ? label('industry', account.industry) : null;
  const place = [account.name, industry, account.region];
  return el(
    'header',
    { class: 'record-head' },
    el('p', { class: 'crumb' }, place.filter(Boolean).join(' · ')),
    el('h1', {}, opportunity.name ?? opportunity.id ?? ''),
    el(
      'p',
      { class: 'headline' },
      opportunity.amount ? el('strong', {}, fieldText('amount', opportunity.amount, record)) : null,
      rep.name ? el('span', {}, `${t('field.rep')} ${rep.name}`) : null,
      opportunity.updated_at
        ? el('span', {}, `${t('field.updated_at')} ${moment(opportunity.updated_at)}`)
        : null,
    ),
  );
}

function valueOf(record, field) {
  const { opportunity } = record;
  if (field === 'products') return record.products;
  if (field !== 'trial_window') return opportunity[field];
  const { start, end } = opportunity.trial_window ?? {};
  return start || end ? `${start ?? '…'}/${end ?? '…'}` : null;
}

function panel(key, content) {
  return el('section', { class: 'panel' }, el('h2', { class: 'panel-title' }, t(key)), content);
}

function accountFields(record) {
  const { account } = record;
  const n = account.n_employees;
  const rows = [
    ['account', account.name],
    ['industry', account.industry ? label('industry', account.industry) : null],
    ['region', account.region],
    ['n_employees', n ? t('record.employees', { n: count(n) }) : null],
  ];
  return el(
    'dl',
    { class: 'fields' },
    rows
      .filter(([, value]) => value)
      .map(([field, value]) =>
        el('div', {}, el('dt', {}, label('field', field)), el('dd', {}, String(value))),
      ),
  );
}

function contacts(record) {
  const people = record.contacts;
  const decider = record.opportunity.decision_maker;
  if (!people.length) return el('p', { class: 'quiet' }, t('app.none'));
  return el(
    'ul',
    { class: 'contacts' },
    people.map((person) =>
      el(
        'li',
        {},
        el(
          'p',
          { class: 'person' },
          el('strong', {}, person.name ?? person.email ?? ''),
          person.title ? el('span', { class: 'muted' }, person.title) : null,
          decider && contactName(record, decider) === person.name
            ? el('span', { class: 'tag' }, t('record.decision_maker'))
            : null,
        ),
        el(
          'p',
          { class: 'reach muted' },
          [person.email, person.phone].filter(Boolean).map((one) => el('span', {}, String(one))),
        ),
      ),
    ),
  );
}
