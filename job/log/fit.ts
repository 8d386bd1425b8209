/**
 * Texts cut to what an entry may hold: Cloud Logging takes about 256 KiB, and drops an entry that is larger.
 *
 * https://cloud.google.com/logging/quotas
 */
import { counted } from '../print/quantity.ts';

/** Bytes of a message. */
export const messageBytes = 128 * 1024;
/** Bytes of any other text: a dozen of them beside a message fit. */
export const fieldBytes = 8 * 1024;

/** Bytes of a text in JSON. */
function sizeOf(text: string): number {
  return Buffer.byteLength(JSON.stringify(text));
}

/**
 * A text of at most about so many bytes in JSON; what is cut off is counted. Of several lines whole ones are kept, as
 * far as they go.
 */
export function fit(text: string, most: number): string {
  // No character takes more than six bytes.
  if (text.length * 6 <= most || sizeOf(text) <= most) return text;
  const lines = text.split('\n');
  let bytes = 0;
  let count = 0;
  for (const line of lines) {
    bytes += sizeOf(line);
    if (bytes > most) break;
    count++;
  }
  if (count > 0)
    return `${lines.slice(0, count).join('\n')}\n… ${counted(lines.length - count, 'line')} more`;
  // Not through the middle of a pair.
  const start = text.slice(0, Math.floor(most / 6)).replace(/[\ud800-\udbff]$/, '');
  return `${start}… ${counted(text.length - start.length, 'character')} more`;
}
