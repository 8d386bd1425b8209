/** What a value says in one line. */

/** Longer JSON is not read for its message: a list is asked for every second. */
const longestRead = 100_000;

/** The `message` of a map. */
export function messageIn(value: unknown): string | undefined {
  const message =
    typeof value === 'object' && value !== null && 'message' in value ? value.message : undefined;
  return typeof message === 'string' ? message : undefined;
}

/** What JSON says: its `message`, or itself where it is a text. */
export function messageOf(json: string | undefined): string | undefined {
  if (json === undefined || json.length > longestRead) return undefined;
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'string' ? value : messageIn(value);
  } catch {
    // Not every value that is raised can be written as JSON.
    return undefined;
  }
}
