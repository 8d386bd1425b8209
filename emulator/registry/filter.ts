/**
 * The filters of list calls, as the comments of Artifact Registry's protos describe them: `name="…/my-*"`,
 * `version="…"`, `owner="…"`, `annotations.KEY:VALUE`, `annotations.KEY`, joined by AND; `*` stands for
 * anything; case doesn't matter.
 */
import { GoogleError } from '../errors.ts';
import { glob } from './glob.ts';

/** A resource as a filter sees it. */
export interface Filterable {
  readonly annotations?: Readonly<Record<string, string>> | undefined;
  readonly [field: string]: unknown;
}

const term =
  /^\s*(?:([a-zA-Z_]+)\s*[=:]\s*(?:"([^"]*)"|([^\s"]+))|"?annotations\.(?:`([^`]*)`|([^\s:`"]+))(?:\s*[:=]\s*(?:`([^`]*)`|([^\s`"]+)))?"?)\s*(?:AND\b|$)/i;

/**
 * Reads a filter.
 *
 * @param fields which ones this list can be filtered by, besides annotations
 * @throws GoogleError INVALID_ARGUMENT
 */
export function parseFilter<T extends Filterable>(
  text: string | undefined,
  fields: readonly string[],
): ((item: T) => boolean) | undefined {
  if (!text?.trim()) return undefined;
  const tests: ((item: T) => boolean)[] = [];
  for (let rest = text; rest.trim() !== ''; ) {
    const match = term.exec(rest);
    if (!match) throw new GoogleError('INVALID_ARGUMENT', `Invalid filter: ${text}`);
    rest = rest.slice(match[0].length);
    const [, field, quoted, plain, tickedKey, plainKey, tickedValue, plainValue] = match;
    if (field !== undefined) {
      if (!fields.includes(field))
        throw new GoogleError('INVALID_ARGUMENT', `Invalid filter: there is no field ${field} to filter by.`);
      const matches = glob(quoted ?? plain ?? '', { ignoreCase: true });
      tests.push((item) => matches(String(item[field] ?? '')));
    } else {
      const key = glob(tickedKey ?? plainKey ?? '', { ignoreCase: true });
      const value = glob(tickedValue ?? plainValue ?? '*', { ignoreCase: true });
      tests.push((item) => Object.entries(item.annotations ?? {}).some(([k, v]) => key(k) && value(v)));
    }
  }
  return (item) => tests.every((test) => test(item));
}
