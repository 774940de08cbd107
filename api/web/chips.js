// Source chips: one press shows the words that a sentence rests on.

import { el, icon } from './dom.js';
import { clock, day } from './format.js';
import { label, t } from './i18n.js';

// From here on it is more likely than not that the speaker passes on somebody else's words.
const REPORTED_FROM = 0.5;

/** The chip's words: day, a meeting's time, and speaker; the field of a record; the term. */
export function chipText(evidence) {
  const channel = label('channel', evidence.channel);
  switch (evidence.channel) {
    case 'crm':
      return [channel, label('field', evidence.crm_field ?? '')];
    case 'term':
      return [channel, evidence.quote];
    default:
      return [when(evidence) || channel, evidence.speaker ?? evidence.file];
  }
}

function when(evidence) {
  return [
    evidence.said_on ? day(evidence.said_on) : null,
    evidence.start_ms === null ? null : clock(evidence.start_ms),
  ]
    .filter(Boolean)
    .join(' ');
}

/** A button that opens the evidence. `open(evidence, button)` is called on a press. */
export function chip(evidence, open) {
  const [lead, rest] = chipText(evidence);
  const mark = (evidence.reported ?? 0) >= REPORTED_FROM ? t('source.reported') : null;
  const spoken = [label('channel', evidence.channel), lead, rest, mark].filter(Boolean).join(' ');
  return el(
    'button',
    {
      class: 'chip',
      type: 'button',
      title: evidence.file,
      'aria-haspopup': 'dialog',
      'aria-label': t('source.open', { what: spoken }),
      data: { channel: evidence.channel, chip: '' },
      on: { click: (event) => open(evidence, event.currentTarget) },
    },
    icon(evidence.channel),
    el('span', { class: 'chip-lead' }, lead),
    rest ? el('span', { class: 'chip-rest' }, rest) : null,
    mark ? el('span', { class: 'chip-mark' }, mark) : null,
  );
}

export function chips(list, open) {
  return el('div', { class: 'chips' }, list.map((evidence) => chip(evidence, open)));
}
