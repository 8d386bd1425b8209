/** Reads what the page asks for. */
import type { Context } from 'hono';
import { GoogleError } from '../errors.ts';

/** A part of a list. */
export interface Window {
  readonly offset: number;
  readonly limit: number;
}

/** Most rows in one answer. */
const most = 500;

/** A whole number of the query, not negative. @throws GoogleError INVALID_ARGUMENT */
export function number(c: Context, name: string, fallback: number): number {
  const text = c.req.query(name);
  if (text === undefined || text === '') return fallback;
  if (!/^\d{1,15}$/.test(text)) throw new GoogleError('INVALID_ARGUMENT', `${name} must be a whole number.`);
  return Number(text);
}

/** `offset` and `limit` of the query: from the start, 100 rows, when absent. @throws GoogleError INVALID_ARGUMENT */
export function windowOf(c: Context): Window {
  return { offset: number(c, 'offset', 0), limit: Math.min(most, number(c, 'limit', 100)) };
}

/** A text that must be there. @throws GoogleError INVALID_ARGUMENT */
export function required(c: Context, name: string): string {
  const text = c.req.query(name);
  if (!text) throw new GoogleError('INVALID_ARGUMENT', `${name} is missing.`);
  return text;
}

/** One window of a list, with the length of the whole. */
export function windowed<T, R>(items: readonly T[], { offset, limit }: Window, show: (item: T) => R) {
  return { total: items.length, offset, items: items.slice(offset, offset + limit).map(show) };
}
