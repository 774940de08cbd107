// Accept, partly, reject: what the rep answers to a suggestion, and what was answered before.
//
// A draft outlives a redraw (a language switch must not eat a half-written reason). It carries an
// idempotency key for what was sent last: sending the same again after a lost reply is one verdict,
// sending something else is another.

import * as api from './api.js';
import { el, icon } from './dom.js';
import { list, moment } from './format.js';
import { label, pick, t } from './i18n.js';

const REASONS = [
  'wrong_stage',
  'customer_already_refused',
  'price_not_approved',
  'wrong_person',
  'stale_fact',
  'wrong_evidence',
  'not_our_way',
  'other',
];
const MAX_COMMENT = 2000;
const ICONS = { accepted: 'check', partly_accepted: 'partly', rejected: 'cross' };

export function newDraft() {
  return {
    mode: 'closed',
    kept: new Set(),
    reason: '',
    comment: '',
    fault: null,
    busy: false,
    sent: '',
    key: '',
  };
}

/**
 * The verdict part of a card. `place`: {suggestion, verdict, draft, nameOf}; `redraw(focus)` draws
 * the card again and moves focus to the selector, `saved(verdict)` tells that one is stored.
 */
export function verdictPart(place, { redraw, saved }) {
  const { verdict, draft } = place;
  if (verdict && draft.mode === 'closed') return answered(place, redraw);
  if (draft.mode === 'partly' || draft.mode === 'reject') return form(place, { redraw, saved });
  return buttons(place, { redraw, saved });
}

/** The line that says what was answered, by whom and when. */
export function verdictLine(verdict, suggestion, nameOf) {
  const names = suggestion.claims.map((claim, n) => [claim.id, String(n + 1)]);
  const who = nameOf(verdict.rep_id);
  const kept = names.filter(([id]) => verdict.claim_ids.includes(id)).map(([, n]) => n);
  return el(
    'div',
    { class: 'verdict-words' },
    el(
      'p',
      { class: 'verdict-line', data: { kind: verdict.kind } },
      icon(ICONS[verdict.kind]),
      el('strong', {}, t(`verdict.${verdict.kind}`)),
      el('span', { class: 'muted' }, t('verdict.by', { who, when: moment(verdict.created_at) })),
    ),
    more(verdict.reason_code ? label('reason', verdict.reason_code) : ''),
    more(kept.length ? t('verdict.kept', { what: list(kept) }) : ''),
    more(verdict.comment),
  );
}

function more(words) {
  return words ? el('p', { class: 'verdict-more' }, words) : null;
}

function answered({ verdict, suggestion, draft, nameOf }, redraw) {
  const change = () => {
    Object.assign(draft, newDraft(), { mode: 'changing' });
    redraw('.verdict button');
  };
  return el(
    'div',
    { class: 'verdict is-answered' },
    verdictLine(verdict, suggestion, nameOf),
    el('button', { class: 'link', type: 'button', on: { click: change } }, t('verdict.change')),
  );
}

function buttons(place, { redraw, saved }) {
  const { suggestion, draft, verdict } = place;
  const openForm = (mode) => () => {
    Object.assign(draft, { mode, fault: null });
    redraw('.verdict input, .verdict select');
  };
  const isSingle = suggestion.claims.length < 2;
  const accept = () => send(place, { kind: 'accepted' }, { redraw, saved });
  return el(
    'div',
    { class: 'verdict', role: 'group', 'aria-label': t('verdict.group') },
    el(
      'div',
      { class: 'buttons' },
      button('accept', { class: 'primary', on: { click: accept }, disabled: draft.busy }),
      button('partly', {
        on: { click: openForm('partly') },
        disabled: draft.busy || isSingle,
        title: isSingle ? t('verdict.single') : null,
      }),
      button('reject', { on: { click: openForm('reject') }, disabled: draft.busy }),
      verdict ? cancelButton(draft, redraw) : null,
    ),
    fault(draft),
  );
}

function button(name, props) {
  const classes = ['button', props.class].filter(Boolean).join(' ');
  const made = { type: 'button', ...props, class: classes, data: { verdict: name } };
  return el('button', made, t(`verdict.${name}`));
}

function cancelButton(draft, redraw) {
  const cancel = () => {
    Object.assign(draft, newDraft());
    redraw('.verdict button');
  };
  return el('button', { class: 'link', type: 'button', on: { click: cancel } }, t('verdict.cancel'));
}

function form(place, { redraw, saved }) {
  const { suggestion, draft } = place;
  const isPartly = draft.mode === 'partly';
  const submit = (event) => {
    event.preventDefault();
    const wrong = isPartly ? partlyFault(draft, suggestion) : rejectFault(draft);
    draft.fault = wrong ? () => t(wrong.words) : null;
    if (wrong) {
      redraw(`.verdict ${wrong.focus}`);
      return;
    }
    send(place, isPartly ? partly(draft, suggestion) : rejection(draft), { redraw, saved });
  };
  return el(
    'form',
    { class: 'verdict', 'aria-label': t(`verdict.${draft.mode}`), novalidate: true, on: { submit } },
    isPartly ? claimChoice(suggestion, draft) : reasonChoice(suggestion, draft),
    comment(suggestion, draft, isPartly || draft.reason !== 'other'),
    fault(draft),
    el(
      'div',
      { class: 'buttons' },
      el(
        'button',
        { class: 'button primary', type: 'submit', disabled: draft.busy },
        t(draft.busy ? 'verdict.sending' : 'verdict.send'),
      ),
      cancelButton(draft, redraw),
    ),
  );
}

function claimChoice(suggestion, draft) {
  const toggle = (id) => (event) => {
    if (event.currentTarget.checked) draft.kept.add(id);
    else draft.kept.delete(id);
  };
  return el(
    'fieldset',
    { class: 'claim-choice' },
    el('legend', {}, t('verdict.which')),
    suggestion.claims.map((claim, n) =>
      el(
        'label',
        {},
        el('input', {
          type: 'checkbox',
          value: claim.id,
          checked: draft.kept.has(claim.id),
          on: { change: toggle(claim.id) },
        }),
        el('span', {}, `${n + 1} ${pick(claim.text)}`),
      ),
    ),
  );
}

function reasonChoice(suggestion, draft) {
  const id = `reason-${suggestion.id}`;
  const choose = (event) => {
    draft.reason = event.currentTarget.value;
  };
  return el(
    'div',
    { class: 'form-row' },
    el('label', { for: id }, t('verdict.reason')),
    el(
      'select',
      { id, required: true, on: { change: choose } },
      el('option', { value: '', selected: draft.reason === '' }, t('verdict.choose_reason')),
      REASONS.map((code) =>
        el('option', { value: code, selected: draft.reason === code }, t(`reason.${code}`)),
      ),
    ),
  );
}

function comment(suggestion, draft, isOptional) {
  const id = `comment-${suggestion.id}`;
  const write = (event) => {
    draft.comment = event.currentTarget.value;
  };
  const area = el('textarea', { id, rows: 2, maxlength: MAX_COMMENT, on: { input: write } });
  area.value = draft.comment;
  return el(
    'div',
    { class: 'form-row' },
    el('label', { for: id }, t(isOptional ? 'verdict.comment_optional' : 'verdict.comment')),
    area,
  );
}

function fault(draft) {
  return draft.fault ? el('p', { class: 'fault', role: 'alert' }, draft.fault()) : null;
}

function partlyFault(draft, suggestion) {
  const n = draft.kept.size;
  if (n > 0 && n < suggestion.claims.length) return null;
  return { words: 'verdict.needs_claims', focus: 'input' };
}

function rejectFault(draft) {
  if (!draft.reason) return { words: 'verdict.needs_reason', focus: 'select' };
  if (draft.reason !== 'other' || draft.comment.trim()) return null;
  return { words: 'verdict.needs_comment', focus: 'textarea' };
}

function partly(draft, suggestion) {
  const kept = suggestion.claims.map((c) => c.id).filter((id) => draft.kept.has(id));
  return { kind: 'partly_accepted', claim_ids: kept, comment: draft.comment };
}

function rejection(draft) {
  return { kind: 'rejected', reason_code: draft.reason, comment: draft.comment };
}

async function send({ suggestion, draft }, verdict, { redraw, saved }) {
  if (draft.busy) return;
  const asText = JSON.stringify(verdict);
  if (draft.sent !== asText) Object.assign(draft, { sent: asText, key: api.newIdempotencyKey() });
  Object.assign(draft, { busy: true, fault: null });
  redraw(null);
  try {
    saved(await api.sendVerdict(suggestion.id, verdict, draft.key));
  } catch (problem) {
    const words = [problem.message, problem.remedy].filter(Boolean).join(' ');
    Object.assign(draft, { busy: false, fault: () => words || t('app.offline') });
    redraw('.verdict button');
  }
}
