// What both pages share: the session, the key form, and the language switch.

import * as api from './api.js';
import { el, replace } from './dom.js';
import { language, onLanguage, setLanguage, t } from './i18n.js';

const UNAUTHORISED = 401;
const NO_DEMO = 404;

/** Resolves with the caller, asking for a key in `root` where there is none. */
export async function session(root) {
  try {
    return await api.openSession();
  } catch (problem) {
    if (problem.status !== UNAUTHORISED && problem.status !== NO_DEMO) throw problem;
    return askForKey(root);
  }
}

function askForKey(root) {
  return new Promise((resolve) => {
    let isOpen = true;
    const input = el('input', {
      id: 'key',
      type: 'password',
      autocomplete: 'off',
      spellcheck: 'false',
      required: true,
    });
    const fault = el('p', { class: 'fault', role: 'alert' });
    const submit = async (event) => {
      event.preventDefault();
      api.useKey(input.value.trim());
      try {
        const caller = await api.me();
        isOpen = false;
        resolve(caller);
      } catch (problem) {
        api.useKey(null);
        fault.textContent = problem.status === UNAUTHORISED ? t('key.refused') : t('app.offline');
        input.focus();
      }
    };
    const draw = () => {
      if (isOpen) replace(root, keyForm(input, fault, submit));
    };
    onLanguage(draw);
    draw();
    input.focus();
  });
}

function keyForm(input, fault, submit) {
  return el(
    'form',
    { class: 'key-form', on: { submit } },
    el('h1', {}, t('key.title')),
    el('p', { class: 'muted' }, t('key.hint')),
    el('label', { for: input.id }, t('key.label')),
    input,
    fault,
    el('button', { class: 'button primary', type: 'submit' }, t('key.open')),
  );
}

/** The two-button switch in `root`; `redraw` runs after each change. */
export function languageSwitch(root, redraw) {
  const draw = () => {
    document.documentElement.lang = language() === 'zh' ? 'zh-CN' : 'en';
    root.setAttribute('aria-label', t('app.language'));
    replace(root, choice('zh', '中文'), choice('en', 'English'));
  };
  onLanguage(() => {
    const hadFocus = root.contains(document.activeElement);
    draw();
    if (hadFocus) root.querySelector('[aria-pressed="true"]').focus();
    redraw();
  });
  draw();
}

function choice(code, name) {
  return el(
    'button',
    {
      type: 'button',
      lang: code === 'zh' ? 'zh-CN' : 'en',
      'aria-pressed': String(language() === code),
      on: { click: () => setLanguage(code) },
    },
    name,
  );
}

export function failure(problem) {
  return el(
    'div',
    { class: 'placeholder', role: 'alert' },
    el('p', {}, el('strong', {}, t('app.failed'))),
    el('p', {}, problem.message || t('app.offline')),
    problem.remedy ? el('p', { class: 'muted' }, problem.remedy) : null,
  );
}
