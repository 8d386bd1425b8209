/**
 * Holds JSON against the shape of a public message: a field that the message has not, a value of another type, a name
 * that an enum has not and a text that is too long are faults. The service's own JSON reader refuses the first three.
 */

/** What a value may be. */
export type Shape =
  | 'string'
  | 'bool'
  /** A whole number. */
  | 'int'
  | 'double'
  /** As `300s`. */
  | 'duration'
  /** At most so many characters, and bytes where that is less. */
  | { readonly text: number; readonly bytes?: number }
  | { readonly oneOf: readonly string[] }
  | { readonly list: Shape; readonly most?: number }
  /** A map with texts as keys and values. */
  | { readonly map: { readonly key: RegExp; readonly value: Shape; readonly most: number } }
  | {
      readonly fields: Readonly<Record<string, Shape>>;
      readonly required?: readonly string[];
      /** Of these fields exactly one is there. */
      readonly one?: readonly string[];
    };

/** Everything that is wrong with a value, as `PATH: WHY`. */
export function faultsOf(value: unknown, shape: Shape, path = ''): string[] {
  const fault = (why: string) => [`${path}: ${why}`];
  const isText = typeof value === 'string';
  switch (shape) {
    case 'string':
      return isText ? [] : fault('is no text');
    case 'bool':
      return typeof value === 'boolean' ? [] : fault('is no boolean');
    case 'int':
      return Number.isInteger(value) ? [] : fault('is no whole number');
    case 'double':
      return typeof value === 'number' ? [] : fault('is no number');
    case 'duration':
      return isText && /^\d+(\.\d{1,9})?s$/.test(value) ? [] : fault('is no duration');
  }
  if ('text' in shape) {
    if (!isText || value === '') return fault('is no text, or empty');
    const characters = [...value].length;
    const bytes = Buffer.byteLength(value);
    if (characters > shape.text || bytes > (shape.bytes ?? bytes))
      return fault(`has ${characters} characters in ${bytes} bytes`);
    return [];
  }
  if ('oneOf' in shape) return isText && shape.oneOf.includes(value) ? [] : fault(`${value} is unknown`);
  if ('list' in shape) {
    if (!Array.isArray(value)) return fault('is no list');
    if (value.length > (shape.most ?? value.length)) return fault(`has ${value.length} items`);
    return value.flatMap((item, index) => faultsOf(item, shape.list, `${path}[${index}]`));
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return fault('is no object');
  const entries = Object.entries(value);
  if ('map' in shape) {
    const { key: pattern, value: inner, most } = shape.map;
    if (entries.length > most) return fault(`has ${entries.length} entries`);
    return entries.flatMap(([key, item]) =>
      pattern.test(key) ? faultsOf(item, inner, `${path}.${key}`) : [`${path}: the key ${key}`],
    );
  }
  const { fields, required = [], one = [] } = shape;
  return [
    ...required.filter((name) => !(name in value)).map((name) => `${path}: lacks ${name}`),
    ...(one.length > 0 && one.filter((name) => name in value).length !== 1
      ? fault(`has not exactly one of ${one.join(', ')}`)
      : []),
    ...entries.flatMap(([name, item]) => {
      const inner = Object.hasOwn(fields, name) ? fields[name] : undefined;
      return inner === undefined
        ? [`${path}: has a field ${name}, which the message has not`]
        : faultsOf(item, inner, `${path}.${name}`);
    }),
  ];
}
