/**
 * A quoted text may go on in lines that are indented less than its key: the YAML readers of Go and Java take it
 * so, and Google's own samples have it. The reader here follows the letter of YAML, so such lines are indented for
 * it; the space at the start of a line is no part of the text.
 */

/**
 * Indents the further lines of a quoted text.
 *
 * @param at a character in the line where the text begins
 * @returns undefined when there is no such text
 */
export function indentQuoted(text: string, at: number): string | undefined {
  const lineStart = text.lastIndexOf('\n', at - 1) + 1;
  const newline = text.indexOf('\n', lineStart);
  const lineEnd = newline < 0 ? text.length : newline;
  const line = text.slice(lineStart, lineEnd);
  const open = [...line.matchAll(/(?:^|[:[{,-])\s*(?=["'])/g)].findLast(
    (found) => end(text, lineStart + found.index + found[0].length) > lineEnd,
  );
  if (!open) return undefined;
  const start = lineStart + open.index + open[0].length;
  const close = end(text, start);
  if (close === Number.POSITIVE_INFINITY) return undefined;
  const margin = ' '.repeat(start - lineStart + 1);
  return text.slice(0, start) + text.slice(start, close).replace(/\n/g, `\n${margin}`) + text.slice(close);
}

/** The place behind the closing quote; Infinity when there is none. */
function end(text: string, start: number): number {
  const quote = text[start];
  for (let at = start + 1; at < text.length; at++) {
    if (quote === '"' && text[at] === '\\') at++;
    else if (text[at] === quote) {
      if (quote === '"' || text[at + 1] !== "'") return at + 1;
      at++;
    }
  }
  return Number.POSITIVE_INFINITY;
}
