// Talking to /v1. The key lives in this module and in the tab's own storage, nowhere else.

const PLACE = 'junshi.key';
let key = kept();

function kept() {
  try {
    return sessionStorage.getItem(PLACE);
  } catch {
    return null;
  }
}

export function useKey(chosen) {
  key = chosen;
  try {
    if (chosen === null) sessionStorage.removeItem(PLACE);
    else sessionStorage.setItem(PLACE, chosen);
  } catch {
    // Without storage the key lasts as long as the page.
  }
}

/** What a problem document said, or that nothing answered (`status` 0). */
export class Problem extends Error {
  constructor(status, body) {
    super(body.detail ?? '');
    this.status = status;
    this.code = body.code ?? '';
    this.remedy = body.remedy ?? '';
  }
}

async function ask(path, options = {}) {
  const headers = { Accept: 'application/json', ...options.headers };
  if (key) headers.Authorization = `Bearer ${key}`;
  let response;
  try {
    response = await fetch(path, { ...options, headers, credentials: 'omit' });
  } catch {
    throw new Problem(0, {});
  }
  const body = await response.json().catch(() => ({}));
  if (!response.ok) throw new Problem(response.status, body);
  return body;
}

const at = encodeURIComponent;

export const me = () => ask('/v1/me');
export const deals = () => ask('/v1/deals');
export const answer = (id) => ask(`/v1/deals/${at(id)}/coach`);
/** Runs the check; what it finds is kept under ids, so that a decision can name it. */
export const deviations = (id) => ask(`/v1/deals/${at(id)}/deviations`);
export const moments = (id, k) => ask(`/v1/deals/${at(id)}/moments?k=${at(k)}`);
export const reviewed = (id) => ask(`/v1/deals/${at(id)}/verdicts`);
export const source = (id) => ask(`/v1/sources/${at(id)}`);
export const term = (id) => ask(`/v1/terms/${at(id)}`);
export const standing = (id) => ask(`/v1/suggestions/${at(id)}/evidence`);
export const exported = (id, format) =>
  ask(`/v1/suggestions/${at(id)}/provenance?format=${at(format)}`);
export const taxonomy = () => ask('/v1/taxonomy');

/** A deal whose record's parts can be read without asking: a null part becomes an empty one. */
export async function deal(id) {
  const found = await ask(`/v1/deals/${at(id)}`);
  const { record } = found;
  for (const part of ['account', 'opportunity', 'rep']) record[part] = asObject(record[part]);
  const people = Array.isArray(record.contacts) ? record.contacts : [];
  record.contacts = people.filter((one) => one !== null && typeof one === 'object');
  return found;
}

function asObject(part) {
  return part !== null && typeof part === 'object' && !Array.isArray(part) ? part : {};
}

/** The same idempotency key twice is one verdict: a retry after a lost answer is safe. */
export function sendVerdict(suggestionId, verdict, idempotencyKey) {
  return ask(`/v1/suggestions/${at(suggestionId)}/verdicts`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'Idempotency-Key': idempotencyKey },
    body: JSON.stringify(verdict),
  });
}

/** `decision`: accepted or dismissed. */
export function decide(dealId, deviationId, decision, idempotencyKey) {
  return ask(`/v1/deals/${at(dealId)}/deviations/${at(deviationId)}/decision`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'Idempotency-Key': idempotencyKey },
    body: JSON.stringify({ decision }),
  });
}

export function newIdempotencyKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** The caller, with the tab's key or, on the demo's own machine, the demo's. Throws Problem. */
export async function openSession() {
  if (key) {
    try {
      return await me();
    } catch (problem) {
      if (problem.status !== 401) throw problem;
      useKey(null);
    }
  }
  const session = await ask('/demo/session');
  useKey(session.key);
  return me();
}
