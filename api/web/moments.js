// The meeting cards: what mattered in each meeting, folded to one line above the suggestions.
//
// They are asked for when they are first opened: reading whole meetings takes about a second.

import * as api from './api.js';
import { el, notice, replace } from './dom.js';
import { clock, day } from './format.js';
import { label, pick, t } from './i18n.js';

// Four a meeting, two lines each, are read in 20 seconds.
const PER_MEETING = 4;

export class MeetingMoments {
  /** `open(evidence, opener)` shows a source. */
  constructor({ open }) {
    this.open = open;
    this.body = null;
    this.start(null);
  }

  /** Another deal: folded, nothing read yet. */
  start(deal) {
    const meetings = (deal?.touchpoints ?? []).filter((one) => one.channel === 'meeting');
    Object.assign(this, { deal, meetings, isOpen: false, found: null, problem: null });
  }

  /** The section, drawn anew; null where the deal has no meeting. */
  element() {
    const n = this.meetings.length;
    if (!n) return null;
    this.body = el('div', {});
    this.#drawBody();
    return el(
      'section',
      { class: 'moments', 'aria-labelledby': 'section-moments' },
      el(
        'details',
        { open: this.isOpen, on: { toggle: (event) => this.#toggled(event.currentTarget.open) } },
        el(
          'summary',
          {},
          el('h3', { class: 'section-title', id: 'section-moments' }, t('moments.title')),
          el('span', { class: 'count' }, t(n === 1 ? 'moments.one' : 'moments.many', { n })),
        ),
        this.body,
      ),
    );
  }

  #toggled(isOpen) {
    // An element made open fires this too.
    if (isOpen === this.isOpen) return;
    this.isOpen = isOpen;
    if (isOpen && !this.found) this.#load();
  }

  async #load() {
    const { deal } = this;
    this.problem = null;
    this.#drawBody();
    try {
      const found = await api.moments(deal.id, PER_MEETING);
      if (this.deal === deal) this.found = new Map(found.map((one) => [one.source_id, one]));
    } catch (problem) {
      if (this.deal === deal) this.problem = problem;
    }
    if (this.deal === deal) this.#drawBody();
  }

  /** The body alone, so that focus stays on the line that was pressed. */
  #drawBody() {
    if (this.problem) replace(this.body, this.#failed());
    else if (this.found) replace(this.body, this.meetings.map((one) => this.#meeting(one)));
    else replace(this.body, el('p', { class: 'quiet', role: 'status' }, t('app.loading')));
  }

  #failed() {
    return el(
      'div',
      { class: 'moments-failed', role: 'alert' },
      notice(this.problem.message || t('app.offline')),
      el(
        'button',
        { class: 'button', type: 'button', on: { click: () => this.#load() } },
        t('app.retry'),
      ),
    );
  }

  #meeting(meeting) {
    const moments = this.found.get(meeting.source_id)?.moments ?? [];
    return el(
      'div',
      { class: 'meeting', data: { source: meeting.source_id } },
      el(
        'h4',
        { class: 'minor' },
        [meeting.said_on ? day(meeting.said_on) : null, meeting.title].filter(Boolean).join(' · '),
      ),
      moments.length
        ? el('ol', {}, moments.map((moment) => el('li', {}, this.#moment(moment))))
        : el('p', { class: 'quiet' }, t('moments.none')),
    );
  }

  #moment(moment) {
    const time = moment.start_ms === null ? null : clock(moment.start_ms);
    return el(
      'button',
      {
        class: 'moment',
        type: 'button',
        'aria-haspopup': 'dialog',
        data: { intent: moment.intent ?? '' },
        on: { click: (event) => this.open(moment, event.currentTarget) },
      },
      el('span', { class: 'moment-time' }, time),
      el('span', { class: 'moment-title' }, pick(moment.title)),
      el('span', { class: 'moment-speaker' }, moment.speaker ?? label('role', 'unknown')),
      el('span', { class: 'moment-quote said' }, `“${moment.quote}”`),
    );
  }
}
