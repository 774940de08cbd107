// A person's yes or no to the change that a deviation proposes for the CRM.
//
// Nothing is written to a CRM: the answer is kept with who and when. What is kept is asked for when
// the deviations are drawn, apart from the coach's answer, which must not wait for it.

import * as api from './api.js';
import { el, notice, replace } from './dom.js';
import { t } from './i18n.js';

const SAID = { accepted: 'deviations.accepted', dismissed: 'deviations.dismissed' };

export class Decisions {
  #kept = null;

  constructor(dealId) {
    this.dealId = dealId;
  }

  /** Where the answer to one deviation stands; filled as soon as the server has answered. */
  place(deviation) {
    const place = el('div', { class: 'decision' });
    this.#kept ??= api.deviations(this.dealId);
    this.#fill(place, deviation.field);
    return place;
  }

  async #fill(place, field) {
    try {
      const { deviations } = await this.#kept;
      const found = deviations.find((one) => one.field === field);
      if (found) this.#draw(place, found.id, found.decided?.decision);
    } catch (problem) {
      replace(place, notice(problem.message || t('app.offline')));
    }
  }

  #draw(place, id, decided) {
    if (decided) {
      replace(place, el('p', { class: 'quiet' }, t(SAID[decided])));
      return;
    }
    // One key a deviation: a second click after a lost answer is the same decision.
    const key = api.newIdempotencyKey();
    const button = (decision, name) =>
      el(
        'button',
        {
          class: 'button',
          type: 'button',
          on: { click: () => this.#decide(place, id, decision, key) },
        },
        t(name),
      );
    replace(
      place,
      el(
        'div',
        { class: 'buttons' },
        button('accepted', 'deviations.accept'),
        button('dismissed', 'deviations.dismiss'),
      ),
    );
  }

  async #decide(place, id, decision, key) {
    try {
      await api.decide(this.dealId, id, decision, key);
      this.#kept = null;
      this.#draw(place, id, decision);
    } catch (problem) {
      place.append(notice(problem.message || t('app.offline')));
    }
  }
}
