/**
 * The language of filters that list calls of Google's services share: comparisons joined by AND, OR and NOT, with
 * parentheses. OR binds tighter than AND, and comparisons that only follow each other are joined by AND. Which fields
 * there are and what an operator means for them is for each service to say.
 *
 * https://google.aip.dev/160, https://cloud.google.com/logging/docs/view/logging-query-language
 */

/** Whether something is wanted. */
export type Test<T> = (item: T) => boolean;

/** What may stand between a field and a value. */
export type Operator = '=' | '!=' | '<' | '<=' | '>' | '>=' | ':' | '=~';

/** One comparison of a filter. */
export interface Comparison {
  /** The field's path: `labels."a.b/c"` has two parts. */
  readonly path: readonly string[];
  readonly operator: Operator;
  readonly value: string;
}

const token = /\s*(?:(AND|OR|NOT)\b|([()])|(!=|<=|>=|=~|=|<|>|:)|((?:"(?:[^"\\]|\\.)*"|[^\s()=<>!:"])+))/y;

interface Token {
  readonly kind: 'word' | 'bracket' | 'operator' | 'text';
  readonly text: string;
}

/**
 * Reads a filter; an empty one takes all.
 *
 * @param read makes the test of one comparison
 * @param invalid makes the error of a filter that cannot be read
 */
export function parseFilter<T>(
  text: string,
  read: (comparison: Comparison) => Test<T>,
  invalid: (message: string) => Error,
): Test<T> {
  if (text.trim() === '') return () => true;
  const tokens = tokensOf(text, invalid);
  let next = 0;
  const take = (kind: Token['kind'], value?: string) => {
    const one = tokens[next];
    if (one?.kind !== kind || (value !== undefined && one.text !== value)) return undefined;
    next++;
    return one.text;
  };
  const all = (): Test<T> => {
    const tests = [any()];
    while (take('word', 'AND') ?? startsTerm(tokens[next])) tests.push(any());
    return (item) => tests.every((test) => test(item));
  };
  const any = (): Test<T> => {
    const tests = [one()];
    while (take('word', 'OR')) tests.push(one());
    return (item) => tests.some((test) => test(item));
  };
  const one = (): Test<T> => {
    if (take('word', 'NOT')) {
      const test = one();
      return (item) => !test(item);
    }
    if (take('bracket', '(')) {
      const test = all();
      if (!take('bracket', ')')) throw invalid("a ')' is missing");
      return test;
    }
    const path = take('text');
    const operator = path === undefined ? undefined : take('operator');
    const value = operator === undefined ? undefined : take('text');
    if (path === undefined || operator === undefined || value === undefined)
      throw invalid(`expected FIELD OPERATOR VALUE in '${text}'`);
    return read({ path: partsOf(path), operator: operator as Operator, value: unquoted(value) });
  };
  const test = all();
  if (next < tokens.length) throw invalid(`unexpected '${tokens[next]?.text}'`);
  return test;
}

function tokensOf(text: string, invalid: (message: string) => Error): Token[] {
  const tokens: Token[] = [];
  token.lastIndex = 0;
  while (token.lastIndex < text.trimEnd().length) {
    const at = token.lastIndex;
    const found = token.exec(text);
    if (!found) throw invalid(`unexpected '${text.slice(at, at + 20).trim()}'`);
    const [, word, bracket, operator, bare = ''] = found;
    if (word !== undefined) tokens.push({ kind: 'word', text: word });
    else if (bracket !== undefined) tokens.push({ kind: 'bracket', text: bracket });
    else if (operator !== undefined) tokens.push({ kind: 'operator', text: operator });
    else tokens.push({ kind: 'text', text: bare });
  }
  return tokens;
}

function startsTerm(one: Token | undefined): boolean {
  return one?.kind === 'text' || one?.text === 'NOT' || one?.text === '(';
}

function partsOf(path: string): string[] {
  return (path.match(/"(?:[^"\\]|\\.)*"|[^."]+/g) ?? []).map(unquoted);
}

function unquoted(text: string): string {
  return text.startsWith('"') ? text.slice(1, -1).replace(/\\(.)/g, '$1') : text;
}

/**
 * Whether a comparison by order holds.
 *
 * @param order below 0, 0 or above 0, as of a sort; NaN where the two have no order, and then only `!=` holds
 */
export function holds(operator: '=' | '!=' | '<' | '<=' | '>' | '>=', order: number): boolean {
  switch (operator) {
    case '=':
      return order === 0;
    case '!=':
      return order !== 0;
    case '<':
      return order < 0;
    case '<=':
      return order <= 0;
    case '>':
      return order > 0;
    case '>=':
      return order >= 0;
  }
}
