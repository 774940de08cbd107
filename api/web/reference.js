// The API reference at /docs, drawn from /openapi.json: nothing is fetched from another host, so it
// reads the same on a machine without a network. In English, as the schema itself is.

import { el, replace } from './dom.js';

const METHODS = ['get', 'post', 'put', 'patch', 'delete'];

function operationsOf(schema) {
  return Object.entries(schema.paths).flatMap(([path, methods]) =>
    METHODS.filter((method) => method in methods).map((method) => ({
      path,
      method,
      id: `${method}${path.replace(/[^a-z0-9]+/gi, '-')}`,
      ...methods[method],
    })),
  );
}

function name(operation) {
  return `${operation.method.toUpperCase()} ${operation.path}`;
}

function example(title, shape) {
  if (shape === undefined) return null;
  const text = typeof shape === 'string' ? shape : JSON.stringify(shape, null, 2);
  return el(
    'details',
    { class: 'example' },
    el('summary', {}, title),
    el('pre', { class: 'raw', tabindex: '0' }, text),
  );
}

function resolved(schema, node) {
  const name = node?.$ref?.split('/').pop();
  return name ? schema.components.schemas[name] : node;
}

function bodyExamples(schema, operation) {
  return Object.entries(operation.requestBody?.content ?? {}).map(([media, content]) => {
    const shape = resolved(schema, content.schema);
    const item = shape?.type === 'array' ? resolved(schema, shape.items)?.examples : null;
    return example(`Body · ${media}`, item ?? shape?.examples ?? `A body of ${media}.`);
  });
}

function answers(operation) {
  return Object.entries(operation.responses).map(([status, answer]) => {
    const [content] = Object.values(answer.content ?? {});
    return example(`${status} · ${answer.description}`, content?.example);
  });
}

function parameters(operation) {
  const rows = operation.parameters ?? [];
  if (!rows.length) return null;
  return el(
    'dl',
    { class: 'fields' },
    rows.map((one) =>
      el(
        'div',
        {},
        el('dt', {}, one.name),
        el('dd', {}, about(one)),
      ),
    ),
  );
}

function about(parameter) {
  const need = parameter.required ? 'required' : null;
  return [parameter.in, need, parameter.description].filter(Boolean).join(' · ');
}

function section(schema, operation) {
  return el(
    'section',
    { class: 'panel operation', id: operation.id },
    el(
      'h2',
      { class: 'panel-title' },
      el('code', { class: 'method' }, operation.method.toUpperCase()),
      el('code', {}, operation.path),
    ),
    el('p', {}, operation.summary),
    operation.description ? el('p', { class: 'muted' }, operation.description) : null,
    parameters(operation),
    bodyExamples(schema, operation),
    answers(operation),
  );
}

async function start() {
  const root = document.getElementById('reference');
  const response = await fetch('/openapi.json');
  const schema = await response.json();
  const operations = operationsOf(schema);
  replace(
    root,
    el('h1', {}, `${schema.info.title} · HTTP API ${schema.info.version}`),
    el('p', { class: 'muted' }, schema.info.description),
    el(
      'p',
      {},
      'Send ',
      el('code', {}, 'Authorization: Bearer jsk_…'),
      '; ',
      el('code', {}, 'junshi key'),
      ' makes a key. Errors are RFC 9457 problem documents.',
    ),
    el(
      'ul',
      { class: 'contents' },
      operations.map((one) =>
        el('li', {}, el('a', { href: `#${one.id}` }, el('code', {}, name(one)))),
      ),
    ),
    operations.map((one) => section(schema, one)),
  );
}

start();
