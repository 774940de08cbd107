// Building the page. Text enters as text nodes only: there is no way here to pass markup, so a
// mail that holds a script is shown as the characters it consists of.

const SVG = 'http://www.w3.org/2000/svg';

/**
 * An element. `props`: `class`, `on: {event: listener}`, `data: {name: value}`; true and false set
 * and leave out an attribute; null is passed over. Children: nodes, texts, null, nested arrays.
 */
export function el(tag, props = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === 'on') {
      for (const [event, listener] of Object.entries(value)) made.addEventListener(event, listener);
    } else if (name === 'data') {
      Object.assign(made.dataset, value);
    } else {
      made.setAttribute(name, value === true ? '' : value);
    }
  }
  append(made, children);
  return made;
}

export function append(parent, children) {
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    parent.append(child);
  }
}

export function replace(parent, ...children) {
  parent.replaceChildren();
  append(parent, children);
}

const PATHS = {
  email: 'M2.5 4.5h11v7h-11zM2.5 5l5.5 4 5.5-4',
  meeting: 'M8 2.2a1.9 1.9 0 0 0-1.9 1.9v3.3a1.9 1.9 0 0 0 3.8 0V4.1A1.9 1.9 0 0 0 8 2.2z'
    + 'M4 7.3a4 4 0 0 0 8 0M8 11.3v2.5',
  chat: 'M2.5 3.5h11v7h-6l-3 2.5v-2.5h-2z',
  crm: 'M2.5 3h11v10h-11zM2.5 6.4h11M6.4 6.4V13',
  term: 'M4 2.5h8v11l-4-2.6-4 2.6z',
  knowledge: 'M3.5 2.5h6l3 3v8h-9zM9.5 2.5v3h3',
  close: 'M4 4l8 8M12 4l-8 8',
  check: 'M3 8.5l3.2 3.2L13 4.8',
  partly: 'M3 8h10M8 3v10',
  cross: 'M4.2 4.2l7.6 7.6M11.8 4.2l-7.6 7.6',
  differs: 'M3 6h10M3 10h10M10.5 3l-5 10',
  alert: 'M8 2.5l6 10.8H2zM8 6.6v3M8 11.4v.2',
};

/** A 16-unit line drawing, hidden from screen readers: the text beside it says the same. */
export function icon(name) {
  const drawing = document.createElementNS(SVG, 'svg');
  drawing.setAttribute('viewBox', '0 0 16 16');
  drawing.setAttribute('class', 'icon');
  drawing.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS(SVG, 'path');
  path.setAttribute('d', PATHS[name] ?? PATHS.knowledge);
  drawing.append(path);
  return drawing;
}

/** A line that asks for attention. */
export function notice(words) {
  return el('p', { class: 'notice' }, icon('alert'), words);
}

/** A share in [0, 1] as a bar; silent for screen readers, since the number stands beside it. */
export function bar(share, kind = '') {
  const fill = el('span', { class: 'bar-fill' });
  fill.style.width = `${Math.round(Math.min(1, Math.max(0, share)) * 100)}%`;
  return el('span', { class: `bar ${kind}`.trim(), 'aria-hidden': 'true' }, fill);
}
