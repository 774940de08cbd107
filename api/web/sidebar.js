// The sidebar: suggestions, what the customer wants, deviations, what is missing.

import * as api from './api.js';
import { card, confidence, withQuotes } from './card.js';
import { chip, chips } from './chips.js';
import { Decisions } from './decisions.js';
import { bar, el, notice, replace } from './dom.js';
import { contactName, fieldText, list, percent } from './format.js';
import { label, pick, t } from './i18n.js';
import { MeetingMoments } from './moments.js';
import { newDraft, verdictLine } from './verdict_form.js';

const FIRST_INTENTS = 5;
// Below this the server does not count an intent as a signal either (JUNSHI_INTENT_FLOOR).
const SHOWN_FROM = 0.5;

export class Sidebar {
  /** `open(evidence, opener)` shows a source; `onReport(report)` hears of the deal's deviations. */
  constructor(root, { open, onReport = () => {} }) {
    this.root = root;
    this.open = open;
    this.onReport = onReport;
    this.deal = null;
    this.meanings = new Map();
    this.moments = new MeetingMoments({ open });
    this.live = el('p', { class: 'unseen', role: 'status', 'aria-live': 'polite' });
  }

  async load(deal, caller) {
    Object.assign(this, { deal, caller, answer: null, drafts: new Map(), showAll: false });
    this.moments.start(deal);
    this.decisions = new Decisions(deal.id);
    this.#message(t('app.loading'), true);
    try {
      const [answer, reviewed, taxonomy] = await Promise.all([
        api.answer(deal.id),
        api.reviewed(deal.id),
        this.meanings.size ? null : api.taxonomy(),
      ]);
      if (this.deal !== deal) return;
      this.answer = answer;
      this.reviewed = reviewed;
      for (const one of taxonomy?.intents ?? []) this.meanings.set(one.id, one.meaning);
    } catch (problem) {
      if (this.deal !== deal) return;
      this.#failed(problem);
      return;
    }
    this.onReport(this.answer);
    this.redraw();
  }

  redraw() {
    if (!this.answer) return;
    this.root.removeAttribute('aria-busy');
    const { answer } = this;
    const shown = new Set(answer.suggestions.map((s) => s.id));
    const earlier = this.reviewed.filter((one) => !shown.has(one.suggestion.id));
    replace(
      this.root,
      this.live,
      this.#header(answer),
      this.moments.element(),
      answer.abstained ? this.#quiet(answer, earlier) : this.#suggestions(answer),
      this.#intents(answer),
      this.#deviations(answer),
      answer.abstained ? null : this.#missing(answer),
      this.#earlier(earlier),
    );
  }

  #message(words, busy) {
    this.root.setAttribute('aria-busy', String(busy));
    replace(this.root, this.live, el('p', { class: 'placeholder' }, words));
  }

  #failed(problem) {
    this.root.removeAttribute('aria-busy');
    const retry = () => this.load(this.deal, this.caller);
    replace(
      this.root,
      this.live,
      el(
        'div',
        { class: 'placeholder', role: 'alert' },
        el('p', {}, el('strong', {}, t('app.failed'))),
        el('p', {}, problem.message || t('app.offline')),
        problem.remedy ? el('p', { class: 'muted' }, problem.remedy) : null,
        el('button', { class: 'button', type: 'button', on: { click: retry } }, t('app.retry')),
      ),
    );
  }

  #header(answer) {
    const n = answer.suggestions.length;
    const key = n === 0 ? 'coach.count_none' : n === 1 ? 'coach.count_one' : 'coach.count_many';
    const isStale = answer.suggestions.some((s) => s.stale);
    const dropped = answer.n_dropped_claims;
    return el(
      'header',
      { class: 'coach-head' },
      el(
        'div',
        { class: 'coach-title' },
        el('h2', {}, t('app.name')),
        el('span', { class: 'count' }, t(key, { n })),
      ),
      isStale ? notice(t('coach.stale')) : null,
      answer.degraded.length
        ? notice(t('coach.degraded', { what: list(answer.degraded) }))
        : null,
      dropped
        ? el(
            'p',
            { class: 'quiet' },
            t(dropped === 1 ? 'coach.dropped_one' : 'coach.dropped_many', { n: dropped }),
          )
        : null,
    );
  }

  #suggestions(answer) {
    const verdicts = new Map(this.reviewed.map((one) => [one.suggestion.id, one.verdict]));
    return el(
      'section',
      { class: 'suggestions', 'aria-label': t('coach.suggestions') },
      answer.suggestions.map((suggestion, n) =>
        card(
          {
            suggestion,
            verdict: verdicts.get(suggestion.id) ?? null,
            draft: this.#draftOf(suggestion.id),
            nameOf: (repId) => this.#nameOf(repId),
          },
          n + 1,
          { open: this.open, saved: (verdict) => this.#saved(suggestion, verdict) },
        ),
      ),
    );
  }

  #draftOf(id) {
    if (!this.drafts.has(id)) this.drafts.set(id, newDraft());
    return this.drafts.get(id);
  }

  #saved(suggestion, verdict) {
    const others = this.reviewed.filter((one) => one.suggestion.id !== suggestion.id);
    this.reviewed = [{ suggestion, verdict }, ...others];
    this.live.textContent = t('verdict.saved');
  }

  #nameOf(repId) {
    if (repId === this.caller?.acts_as) return t('app.you');
    const { rep } = this.deal.record;
    return rep.id === repId && rep.name ? rep.name : repId;
  }

  #quiet(answer, earlier) {
    const isAnswered = earlier.length > 0;
    return el(
      'section',
      { class: 'abstained' },
      el('h3', {}, t(isAnswered ? 'coach.count_none' : 'coach.abstained')),
      el('p', {}, t(isAnswered ? 'coach.all_answered' : 'coach.abstained_hint')),
      missingList(answer.missing),
    );
  }

  #intents(answer) {
    const strong = answer.intents.filter((intent) => intent.p >= SHOWN_FROM);
    const shown = this.showAll ? strong : strong.slice(0, FIRST_INTENTS);
    const toggle = () => {
      this.showAll = !this.showAll;
      this.redraw();
      this.root.querySelector('.intents .link')?.focus();
    };
    return section(
      'intents',
      t('intents.title'),
      strong.length
        ? el('ul', {}, shown.map((intent) => this.#intent(intent)))
        : el('p', { class: 'quiet' }, t('intents.none')),
      strong.length > FIRST_INTENTS
        ? el(
            'button',
            {
              class: 'link',
              type: 'button',
              'aria-expanded': String(this.showAll),
              on: { click: toggle },
            },
            this.showAll ? t('intents.fewer') : t('intents.all', { n: strong.length }),
          )
        : null,
    );
  }

  #intent(intent) {
    const [lead] = intent.evidence;
    const meaning = this.meanings.get(intent.id);
    return el(
      'li',
      { class: 'intent', data: { intent: intent.id } },
      el(
        'div',
        { class: 'intent-head' },
        el(
          'span',
          { class: 'intent-name', title: meaning ? pick(meaning) : null },
          label('intent', intent.id),
        ),
        bar(intent.p),
        el(
          'span',
          { class: 'figure', 'aria-label': t('intents.certainty', { p: percent(intent.p) }) },
          percent(intent.p),
        ),
      ),
      lead ? el('p', { class: 'said' }, `“${lead.quote}”`) : null,
      chips(intent.evidence, this.open),
      intent.changed_from ? this.#changed(intent.changed_from) : null,
    );
  }

  /** What the customer had said before and took back, with the words. */
  #changed(earlier) {
    const what = label('intent', earlier.intent);
    return el(
      'p',
      { class: 'changed' },
      el('span', {}, t('intents.changed', { what })),
      chip(earlier.evidence, this.open),
    );
  }

  #deviations(answer) {
    const names = (fields) => list(fields.map((field) => label('field', field)));
    return section(
      'deviations',
      t('deviations.title'),
      answer.deviations.length
        ? answer.deviations.map((deviation) => this.#deviation(deviation))
        : el('p', { class: 'quiet' }, t('deviations.none')),
      el(
        'dl',
        { class: 'settled' },
        answer.consistent.length
          ? [el('dt', {}, t('deviations.consistent')), el('dd', {}, names(answer.consistent))]
          : null,
        answer.undecided.length
          ? [el('dt', {}, t('deviations.undecided')), el('dd', {}, names(answer.undecided))]
          : null,
      ),
    );
  }

  #deviation(deviation) {
    const { field, severity } = deviation;
    const { record } = this.deal;
    return el(
      'article',
      { class: 'deviation', id: `deviation-${field}`, data: { field, severity } },
      el(
        'header',
        {},
        el('h4', {}, label('field', field)),
        el('span', { class: 'tag', data: { severity } }, t(`severity.${severity}`)),
      ),
      el(
        'div',
        { class: 'sides' },
        el(
          'div',
          { class: 'side' },
          el('h5', { class: 'minor' }, t('deviations.crm')),
          el('p', {}, fieldText(field, deviation.crm, record)),
          deviation.crm_evidence ? chip(deviation.crm_evidence, this.open) : null,
        ),
        el(
          'div',
          { class: 'side' },
          el('h5', { class: 'minor' }, t('deviations.observed')),
          el('p', {}, observedText(deviation, record)),
          chips(deviation.evidence, this.open),
        ),
      ),
      deviation.proposed
        ? el(
            'p',
            { class: 'proposed' },
            el('span', { class: 'minor' }, t('deviations.proposed')),
            el('strong', {}, fieldText(field, deviation.proposed, record)),
          )
        : null,
      deviation.proposed ? this.decisions.place(deviation) : null,
    );
  }

  #missing(answer) {
    return answer.missing.length
      ? section('missing', t('missing.title'), missingList(answer.missing))
      : null;
  }

  #earlier(earlier) {
    if (!earlier.length) return null;
    return section(
      'earlier',
      t('verdict.earlier'),
      earlier.map(({ suggestion, verdict }) =>
        el(
          'details',
          { class: 'past', data: { suggestion: suggestion.id } },
          el(
            'summary',
            {},
            el('span', { class: 'past-move' }, pick(suggestion.move)),
            verdictLine(verdict, suggestion, (repId) => this.#nameOf(repId)),
          ),
          suggestion.stale ? notice(t('coach.stale')) : null,
          confidence(suggestion.confidence),
          suggestion.claims.map((claim) =>
            el(
              'div',
              { class: 'claim' },
              el('p', {}, withQuotes(pick(claim.text))),
              chips(claim.evidence, this.open),
            ),
          ),
        ),
      ),
    );
  }
}

/** The canonical value as words where it has some (a code, a contact), else as it came. */
function observedText(deviation, record) {
  const { field, observed } = deviation;
  if (field === 'decision_maker') return contactName(record, observed) ?? observed;
  return ['stage', 'budget_status', 'expected_close', 'trial_window'].includes(field)
    ? fieldText(field, observed, record)
    : observed;
}

function missingList(missing) {
  return el('ul', { class: 'missing-list' }, missing.map((text) => el('li', {}, pick(text))));
}

function section(name, title, ...children) {
  const id = `section-${name}`;
  return el(
    'section',
    { class: name, 'aria-labelledby': id },
    el('h3', { class: 'section-title', id }, title),
    children,
  );
}
