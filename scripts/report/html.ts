/**
 * HTML that cannot be injected into: text is escaped by its type. Only an `Html` goes in as it is, and only this file
 * makes one from text, through the `html` tag or of a drawing of our own.
 */
import { stripVTControlCharacters } from 'node:util';
import { redact } from '../../job/log/redact.ts';

/** Markup. */
export class Html {
  readonly #markup: string;

  /** @param markup written by this program, never text that came from elsewhere */
  constructor(markup: string) {
    this.#markup = markup;
  }

  toString(): string {
    return this.#markup;
  }
}

/** What may stand in a template: text and numbers are escaped, lists follow each other, nothing is nothing. */
export type Content = Html | string | number | false | null | undefined | readonly Content[];

/** Markup from a template. Attributes have to be in double quotes. */
export function html(parts: TemplateStringsArray, ...contents: readonly Content[]): Html {
  return new Html(parts.map((part, index) => part + markupOf(contents[index])).join(''));
}

function markupOf(content: Content): string {
  if (content === undefined || content === null || content === false) return '';
  if (content instanceof Html) return content.toString();
  if (typeof content === 'object') return content.map(markupOf).join('');
  return escaped(String(content));
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/**
 * Text for any place of a page, inside quotes of an attribute too. Credentials are taken out, and so is what would
 * hide or turn around other text; lines stay.
 */
function escaped(text: string): string {
  return stripVTControlCharacters(redact(text))
    .replace(/[^\P{Cc}\n\t]|[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufffe\uffff]|\p{Cs}/gu, '\ufffd')
    .replace(/[&<>"']/g, (character) => entities[character] ?? '');
}

/** A link that leaves the report: only to `https:`; what is no such address is plain text. */
export function link(address: string | undefined, text: string): Content {
  if (address === undefined || !URL.canParse(address) || new URL(address).protocol !== 'https:') return text;
  return html`<a href="${address}" rel="noopener noreferrer">${text}</a>`;
}
