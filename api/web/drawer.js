// The drawer that shows a source beside the suggestion that cites it.
//
// On a wide page it lies over the record and leaves the sidebar in view, so it is not modal; on a
// narrow one it covers everything and what is below becomes inert. Focus goes in and comes back.

import * as api from './api.js';
import { el, icon, notice, replace } from './dom.js';
import { label, t } from './i18n.js';
import { sourceFacts, sourceView, termView } from './source_view.js';

export class Drawer {
  /** `covers`: elements below the drawer where it fills the window. */
  constructor(root, { covers, isNarrow }) {
    this.root = root;
    this.covers = covers;
    this.isNarrow = isNarrow;
    this.opener = null;
    this.shown = null;
    this.cache = new Map();
    this.root.setAttribute('role', 'dialog');
    this.root.setAttribute('aria-labelledby', 'drawer-title');
    document.addEventListener('keydown', (event) => {
      if (event.key === 'Escape' && !this.root.hidden) this.close();
    });
    this.isNarrow.addEventListener('change', () => this.#cover());
  }

  /** Shows evidence, or a whole source where `wanted` has no quote. */
  async open(wanted, opener) {
    this.#release();
    this.opener = opener;
    opener?.setAttribute('aria-expanded', 'true');
    this.shown = wanted;
    this.root.hidden = false;
    this.#cover();
    this.#frame(wanted.title ?? label('channel', wanted.channel), [
      el('p', { class: 'quiet', role: 'status' }, t('app.loading')),
    ]);
    this.root.querySelector('.drawer-close').focus();
    try {
      await this.#fill(wanted);
    } catch (problem) {
      if (this.shown !== wanted) return;
      this.#frame(t('app.failed'), [
        notice(problem.message || t('app.offline')),
      ]);
    }
  }

  close() {
    if (this.root.hidden) return;
    this.root.hidden = true;
    this.shown = null;
    this.#cover();
    const back = this.opener;
    this.#release();
    if (back?.isConnected) back.focus();
  }

  /** Draws the same source again, in the language that was chosen meanwhile. */
  redraw() {
    if (this.shown && !this.root.hidden) this.open(this.shown, null);
  }

  async #fill(wanted) {
    const isTerm = wanted.channel === 'term' && wanted.concept_id;
    const evidence = wanted.quote === undefined ? null : wanted;
    const found = await this.#fetch(isTerm ? wanted.concept_id : wanted.source_id, isTerm);
    if (this.shown !== wanted) return;
    if (isTerm) {
      this.#frame(t('channel.term'), termView(found, evidence));
    } else {
      const body = el('div', { class: 'source' }, sourceView(found, evidence));
      const title = found.title || label('channel', found.channel);
      this.#frame(title, [body], sourceFacts(found, evidence));
    }
    const mark = this.root.querySelector('mark');
    if (mark) mark.scrollIntoView({ block: 'center' });
  }

  async #fetch(id, isTerm) {
    if (!this.cache.has(id)) this.cache.set(id, await (isTerm ? api.term(id) : api.source(id)));
    return this.cache.get(id);
  }

  /** `facts` stay in view while the text scrolls to the marked words. */
  #frame(title, content, facts = null) {
    const hadFocus = this.root.contains(document.activeElement);
    const close = el(
      'button',
      {
        class: 'drawer-close',
        type: 'button',
        'aria-label': t('source.close'),
        on: { click: () => this.close() },
      },
      icon('close'),
    );
    replace(
      this.root,
      el(
        'header',
        { class: 'drawer-head' },
        this.shown ? icon(this.shown.channel) : null,
        el('h2', { id: 'drawer-title' }, title),
        close,
      ),
      el('div', { class: 'drawer-facts' }, facts),
      el('div', { class: 'drawer-body', tabindex: '0' }, content),
    );
    if (hadFocus) close.focus();
  }

  #cover() {
    const isModal = !this.root.hidden && this.isNarrow.matches;
    this.root.setAttribute('aria-modal', String(isModal));
    for (const covered of this.covers) covered.inert = isModal;
  }

  #release() {
    this.opener?.setAttribute('aria-expanded', 'false');
    this.opener = null;
  }
}
