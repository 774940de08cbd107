// sidebar.html?deal=<id>: the sidebar alone, for a frame inside a CRM.

import * as api from './api.js';
import { el, replace } from './dom.js';
import { Drawer } from './drawer.js';
import { t } from './i18n.js';
import { failure, languageSwitch, session } from './page.js';
import { Sidebar } from './sidebar.js';

const byId = (id) => document.getElementById(id);

// The frame is as wide as the sidebar, so a source always covers it.
const drawer = new Drawer(byId('drawer'), {
  covers: [byId('top'), byId('coach')],
  isNarrow: { matches: true, addEventListener: () => {} },
});
const sidebar = new Sidebar(byId('coach'), {
  open: (evidence, opener) => drawer.open(evidence, opener),
});

function redraw() {
  byId('coach').setAttribute('aria-label', t('app.name'));
  sidebar.redraw();
  drawer.redraw();
}

async function start() {
  languageSwitch(byId('language'), redraw);
  const id = new URLSearchParams(location.search).get('deal');
  if (!id) {
    replace(byId('coach'), el('p', { class: 'placeholder' }, t('deals.none_named')));
    return;
  }
  try {
    const caller = await session(byId('coach'));
    await sidebar.load(await api.deal(id), caller);
  } catch (problem) {
    replace(byId('coach'), failure(problem));
  }
}

start();
