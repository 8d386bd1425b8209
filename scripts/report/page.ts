/** A report as a file: one page that needs nothing else, and can do nothing. */
import { type Content, Html, html } from './html.ts';
import { style } from './style.ts';
import { whenever } from './time.ts';

/** A page. */
export interface Page {
  readonly title: string;
  /** What the page is about, above its title: `Run`, `Plan`. */
  readonly kind: string;
  /** One sentence that says what happened. */
  readonly sentence: Content;
  readonly body: Content;
  /** When it was written, in milliseconds since the epoch. */
  readonly written: number;
}

/** No script, no request, no form: what a reader's browser would refuse in any case. */
const policy = [
  "default-src 'none'",
  "style-src 'unsafe-inline'",
  'img-src data:',
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

/** @returns the file's text */
export function printPage({ title, kind, sentence, body, written }: Page): string {
  const page = html`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<style>${new Html(style)}</style>
</head>
<body>
<header>
<p class="overline">${kind}</p>
<h1>${title}</h1>
<p class="sentence">${sentence}</p>
</header>
<main>
${body}</main>
<footer>
<p>Written ${whenever(written)} by Artifact Registry Cron Replicator. Times are UTC.</p>
</footer>
</body>
</html>
`;
  return page.toString();
}
