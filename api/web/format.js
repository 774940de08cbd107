// Numbers, days and times as the chosen language writes them.

import { label, language, t } from './i18n.js';

const locale = () => (language() === 'zh' ? 'zh-CN' : 'en-GB');

export function percent(p) {
  return `${Math.round(p * 100)}%`;
}

export function count(n) {
  return Number.isFinite(Number(n)) ? new Intl.NumberFormat(locale()).format(Number(n)) : String(n);
}

/** "48万" stays for the customer's words; the record's own sum is written out. */
export function money(amount, currency) {
  const number = Number(amount);
  if (!Number.isFinite(number)) return String(amount);
  const digits = Number.isInteger(number) ? 0 : 2;
  const plain = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  try {
    const written = { style: 'currency', currency, ...plain };
    return new Intl.NumberFormat(locale(), written).format(number);
  } catch {
    const text = new Intl.NumberFormat(locale(), plain).format(number);
    return currency ? `${text} ${currency}` : text;
  }
}

/** A calendar day (ISO) without a zone: it must not slip to the day before. */
export function day(iso, { year = false } = {}) {
  const at = new Date(`${String(iso).slice(0, 10)}T00:00:00Z`);
  if (Number.isNaN(at.getTime())) return String(iso);
  const withYear = year || at.getUTCFullYear() !== new Date().getUTCFullYear();
  return new Intl.DateTimeFormat(locale(), {
    timeZone: 'UTC',
    day: 'numeric',
    month: 'short',
    ...(withYear ? { year: 'numeric' } : {}),
  }).format(at);
}

/** An instant in the reader's own zone. */
export function moment(iso) {
  const at = new Date(iso);
  if (Number.isNaN(at.getTime())) return String(iso);
  return new Intl.DateTimeFormat(locale(), {
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
  }).format(at);
}

/** mm:ss, or h:mm:ss from an hour on. */
export function clock(ms) {
  const total = Math.floor(ms / 1000);
  const two = (n) => String(n).padStart(2, '0');
  const [h, m, s] = [Math.floor(total / 3600), Math.floor(total / 60) % 60, total % 60];
  return h ? `${h}:${two(m)}:${two(s)}` : `${two(m)}:${two(s)}`;
}

/** Names joined as the language joins them. */
export function list(names) {
  return names.join(language() === 'zh' ? '、' : ', ');
}

/** A CRM field's value for reading: codes become words, ids names, a range of days two days. */
export function fieldText(field, value, record) {
  if (value === null || value === undefined || value === '') return t('app.none');
  const text = Array.isArray(value) ? list(value.map(nameOf)) : nameOf(value);
  switch (field) {
    case 'stage':
      return label('stage', text);
    case 'budget_status':
      return label('budget', text);
    case 'industry':
      return label('industry', text);
    case 'decision_maker':
      return contactName(record, text) ?? text;
    case 'amount':
      return money(text, record.opportunity.currency);
    case 'expected_close':
    case 'created_at':
    case 'updated_at':
      return /^\d{4}-\d{2}-\d{2}/.test(text) ? day(text, { year: true }) : text;
    case 'trial_window':
      return range(text);
    default:
      return text;
  }
}

function nameOf(value) {
  return typeof value === 'object' && value !== null ? String(value.name ?? '') : String(value);
}

function range(text) {
  const days = text.match(/\d{4}-\d{2}-\d{2}/g);
  return days?.length === 2 ? `${day(days[0])} – ${day(days[1], { year: true })}` : text;
}

/** A contact's name by id; null where the record has no such contact. */
export function contactName(record, id) {
  return record.contacts.find((one) => String(one.id) === String(id))?.name ?? null;
}
