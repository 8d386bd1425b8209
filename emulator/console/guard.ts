/**
 * Who may talk to the console: pages that it served itself, on this machine. The emulator trusts whoever reaches its
 * port, and a browser reaches it for any page that it shows, so that the console has to tell them apart.
 */
import type { MiddlewareHandler } from 'hono';
import { GoogleError } from '../errors.ts';

/** Nothing but what the emulator itself serves; no inline script or style, no frame around it. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
  // A text that would be read as markup is refused by the browser, too.
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');

const headers: Readonly<Record<string, string>> = {
  'content-security-policy': policy,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cache-control': 'no-store',
};

const loopback = new Set(['127.0.0.1', 'localhost', '[::1]']);

/** Adds the headers that every answer of the console carries, a refusal too. Stands before all others. */
export function secured(): MiddlewareHandler {
  return async (c, next) => {
    await next();
    for (const [name, value] of Object.entries(headers)) c.res.headers.set(name, value);
  };
}

/**
 * Refuses a Host that is no loopback name, as a page has whose own name was made to point here (DNS rebinding), and
 * a change that no page of the console asks for.
 */
export function guard(): MiddlewareHandler {
  return async (c, next) => {
    const { host, hostname } = new URL(c.req.url);
    if (!loopback.has(hostname) || (c.req.header('host') ?? '') !== host)
      throw new GoogleError('PERMISSION_DENIED', 'The console answers on 127.0.0.1 and localhost only.');
    const isRead = c.req.method === 'GET' || c.req.method === 'HEAD';
    // Every browser sends Origin with a POST; a page elsewhere cannot choose it.
    if (!isRead && c.req.header('origin') !== `http://${host}`)
      throw new GoogleError('PERMISSION_DENIED', "Only the console's own pages may ask for this.");
    await next();
  };
}
