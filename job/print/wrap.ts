/** Breaks text into lines. */

/**
 * Lines of at most `width` characters, words kept whole. Every line is indented, those after the first by two more.
 */
export function wrap(text: string, width: number, indent = 0): string[] {
  const lines: string[] = [];
  let line = '';
  const margin = () => ' '.repeat(lines.length === 0 ? indent : indent === 0 ? 0 : indent + 2);
  for (const word of text.split(' ')) {
    if (line !== '' && margin().length + line.length + 1 + word.length > width) {
      lines.push(margin() + line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  if (line !== '') lines.push(margin() + line);
  return lines;
}
