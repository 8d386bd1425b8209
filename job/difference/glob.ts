/** Globs over tags and package ids: `*` stands for any characters but a slash, `**` for any at all, `?` for one. */

/**
 * A test for some globs, true where any of them matches the whole text.
 *
 * @param globs none matches nothing
 */
export function globs(patterns: readonly string[]): (text: string) => boolean {
  if (patterns.length === 0) return () => false;
  const sources = patterns.map((glob) =>
    glob.replace(/\*\*|[*?]|[\\^$.+()[\]{}|]/g, (sign) => {
      if (sign === '**') return '.*';
      if (sign === '*') return '[^/]*';
      return sign === '?' ? '[^/]' : `\\${sign}`;
    }),
  );
  const pattern = new RegExp(`^(?:${sources.join('|')})$`, 's');
  return (text) => pattern.test(text);
}
