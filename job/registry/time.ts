/** Times as the API writes them. */

/**
 * Stands for a time that the service does not give: the latest there is. What is not known to be old must not be
 * deleted for its age.
 */
export const unknownTime = 8.64e15;

/**
 * RFC 3339 to milliseconds since the epoch. By hand for the form that the service uses: `Date.parse` takes several
 * times as long, which a million versions make felt.
 */
export function readTime(text: unknown): number {
  if (typeof text !== 'string') return unknownTime;
  const { length } = text;
  const isPlain =
    length >= 20 &&
    text.charCodeAt(10) === 84 /* T */ &&
    text.charCodeAt(length - 1) === 90 /* Z */ &&
    length <= 30;
  if (isPlain) {
    const day = Date.UTC(digits(text, 0, 4), digits(text, 5, 2) - 1, digits(text, 8, 2));
    const seconds = digits(text, 11, 2) * 3600 + digits(text, 14, 2) * 60 + digits(text, 17, 2);
    // Of a fraction, the thousandths; nothing is rounded up, as Date has it.
    const fraction = length >= 24 ? digits(text, 20, 3) : 0;
    const time = day + seconds * 1000 + fraction;
    if (!Number.isNaN(time) && (length === 20 || length >= 24)) return time;
  }
  const time = Date.parse(text);
  return Number.isNaN(time) ? unknownTime : time;
}

/** A number of so many digits; NaN where other characters are among them. */
function digits(text: string, from: number, count: number): number {
  let value = 0;
  for (let at = from; at < from + count; at++) {
    const digit = text.charCodeAt(at) - 48;
    if (!(digit >= 0 && digit <= 9)) return Number.NaN;
    value = value * 10 + digit;
  }
  return value;
}
