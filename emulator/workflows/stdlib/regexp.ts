/**
 * RE2 patterns as JavaScript's. What RE2 lacks is refused, since the service would refuse it; what it writes
 * otherwise is translated.
 */

/** Compiled patterns; a loop asks for the same one again and again. */
const compiled = new Map<string, RegExp>();

/**
 * A global, unicode-aware pattern. Its `lastIndex` is 0.
 *
 * @param invalid makes the error for a pattern that RE2 refuses
 */
export function regexp(source: string, invalid: (message: string) => Error): RegExp {
  const known = compiled.get(source);
  if (known) {
    known.lastIndex = 0;
    return known;
  }
  if (/\(\?(<?[=!])/.test(source)) throw invalid(`'${source}': lookaround is not supported`);
  if (/(^|[^\\])(\\\\)*\\[1-9]/.test(source)) throw invalid(`'${source}': backreferences are not supported`);
  let flags = 'gu';
  let body = source.replace(/^\(\?([ims]+)\)/, (_, letters: string) => {
    flags += letters;
    return '';
  });
  body = body
    .replace(/\\(p[A-Z]|[\s\S])/g, (whole, mark: string) => translated(mark) ?? whole)
    .replaceAll('(?P<', '(?<')
    .replace(/\[\[:(\w+):\]\]/g, (whole, name: string) => posix[name] ?? whole);
  let made: RegExp;
  try {
    made = new RegExp(body, flags);
  } catch {
    throw invalid(`'${source}' is not a regular expression`);
  }
  if (compiled.size > 200) compiled.clear();
  compiled.set(source, made);
  return made;
}

/** What JavaScript writes for an escape of RE2, where it is another. */
function translated(mark: string): string | undefined {
  if (mark === 'A') return '^';
  if (mark === 'z') return '$';
  // In its unicode mode a hyphen may be escaped within brackets only, and other marks nowhere.
  if (mark === '-') return '\\x2d';
  if (mark.length === 2) return `\\p{${mark[1]}}`;
  return /[\w\s$()*+./?[\\\]^{|}]/.test(mark) ? undefined : mark;
}

const posix: Readonly<Record<string, string>> = {
  alnum: '[0-9A-Za-z]',
  alpha: '[A-Za-z]',
  digit: '[0-9]',
  lower: '[a-z]',
  space: '[\\t\\n\\v\\f\\r ]',
  upper: '[A-Z]',
  word: '[0-9A-Za-z_]',
  xdigit: '[0-9A-Fa-f]',
};
