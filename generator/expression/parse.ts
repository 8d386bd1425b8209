/** Text to expression trees, and the `ex` tag that the generator writes its own expressions with. */
import { type BinaryOperator, Expression, literal, type Node, precedence } from './tree.ts';

/** An expression that is not well formed; `offset` counts characters from its start. */
export class ExpressionError extends Error {
  override name = 'ExpressionError';
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

interface Token {
  readonly kind: 'number' | 'string' | 'name' | 'sign' | 'hole' | 'end';
  readonly text: string;
  readonly offset: number;
}

// A hole stands for a value put into the `ex` tag: its index between two NULs, which no source text holds.
const token =
  /\s*(?:(?<hole>\0\d+\0)|(?<number>\d+(?:\.\d+)?)|(?<string>"(?:[^"\\]|\\[\s\S])*")|(?<name>[A-Za-z_][A-Za-z0-9_]*)|(?<sign>\/\/|==|!=|<=|>=|[-+*/%<>().,[\]]))/y;

function tokens(source: string): Token[] {
  const found: Token[] = [];
  token.lastIndex = 0;
  while (source.slice(token.lastIndex).trim() !== '') {
    const start = token.lastIndex;
    const match = token.exec(source);
    if (!match?.groups) {
      const offset = start + source.slice(start).search(/\S/);
      throw new ExpressionError(`unexpected ${JSON.stringify(source[offset])}`, offset);
    }
    const [kind, text] = Object.entries(match.groups).find(([, value]) => value !== undefined) as [
      Token['kind'],
      string,
    ];
    found.push({ kind, text, offset: token.lastIndex - text.length });
  }
  found.push({ kind: 'end', text: 'the end', offset: source.length });
  return found;
}

const words = new Set(['and', 'or', 'not', 'in', 'true', 'false', 'null']);
const unescapes: Record<string, string> = {
  n: '\n',
  r: '\r',
  t: '\t',
  b: '\b',
  f: '\f',
  '"': '"',
  '\\': '\\',
  '/': '/',
  "'": "'",
};

/** `and`, `AND`, `True`: words may be in lower or upper case, constants capitalised too; never mixed. */
function word(text: string): string | undefined {
  const lower = text.toLowerCase();
  if (!words.has(lower)) return undefined;
  const capitalised = lower[0]?.toUpperCase() + lower.slice(1);
  const constant = lower === 'true' || lower === 'false' || lower === 'null';
  return text === lower || text === text.toUpperCase() || (constant && text === capitalised)
    ? lower
    : undefined;
}

/** How to read text that the generator's own source would not have. */
export interface ParseOptions {
  /**
   * A backslash before a character that needs none, as in a regular expression: refused, or kept with it. What the
   * service does is not documented.
   */
  readonly unknownEscapes?: 'refused' | 'kept';
}

class Parser {
  readonly #tokens: Token[];
  readonly #holes: readonly Node[];
  readonly #keepsEscapes: boolean;
  #at = 0;

  constructor(source: string, holes: readonly Node[], options: ParseOptions = {}) {
    this.#keepsEscapes = options.unknownEscapes === 'kept';
    this.#tokens = tokens(source);
    this.#holes = holes;
  }

  whole(): Node {
    const node = this.#binary(1);
    if (this.#next.kind !== 'end') this.#unexpected();
    return node;
  }

  get #next(): Token {
    return this.#tokens[this.#at] as Token;
  }

  #unexpected(): never {
    const { text, offset } = this.#next;
    throw new ExpressionError(`unexpected ${text}`, offset);
  }

  #accept(text: string): boolean {
    if (this.#next.kind !== 'sign' || this.#next.text !== text) return false;
    this.#at++;
    return true;
  }

  #expect(text: string): void {
    if (!this.#accept(text)) this.#unexpected();
  }

  #operator(): BinaryOperator | undefined {
    const { kind, text } = this.#next;
    const operator = kind === 'sign' ? text : kind === 'name' ? word(text) : undefined;
    return operator !== undefined && Object.hasOwn(precedence, operator)
      ? (operator as BinaryOperator)
      : undefined;
  }

  #binary(lowest: number): Node {
    let left = this.#unary();
    for (;;) {
      const operator = this.#operator();
      if (!operator || precedence[operator] < lowest) return left;
      this.#at++;
      left = { kind: 'binary', operator, left, right: this.#binary(precedence[operator] + 1) };
    }
  }

  #unary(): Node {
    if (this.#accept('-')) return { kind: 'unary', operator: '-', operand: this.#unary() };
    if (this.#next.kind === 'name' && word(this.#next.text) === 'not') {
      this.#at++;
      return { kind: 'unary', operator: 'not', operand: this.#unary() };
    }
    return this.#postfix();
  }

  #postfix(): Node {
    let node = this.#primary();
    for (;;) {
      if (this.#accept('.')) {
        if (this.#next.kind !== 'name') this.#unexpected();
        node = { kind: 'member', of: node, key: this.#next.text };
        this.#at++;
      } else if (this.#accept('[')) {
        node = { kind: 'index', of: node, key: this.#binary(1) };
        this.#expect(']');
      } else if (this.#next.text === '(' && this.#next.kind === 'sign') {
        const name = dotted(node);
        if (name === undefined) this.#unexpected();
        this.#at++;
        node = { kind: 'call', name, arguments: this.#list(')') };
      } else return node;
    }
  }

  #list(close: string): Node[] {
    const items: Node[] = [];
    if (this.#accept(close)) return items;
    do items.push(this.#binary(1));
    while (this.#accept(','));
    this.#expect(close);
    return items;
  }

  #primary(): Node {
    const { kind, text, offset } = this.#next;
    if (this.#accept('(')) {
      const node = this.#binary(1);
      this.#expect(')');
      return node;
    }
    if (this.#accept('[')) return { kind: 'list', items: this.#list(']') };
    if (kind === 'end' || kind === 'sign') this.#unexpected();
    this.#at++;
    if (kind === 'hole') return this.#holes[Number(text.slice(1, -1))] as Node;
    if (kind === 'number') return { kind: 'number', value: Number(text), double: text.includes('.') };
    if (kind === 'string') return { kind: 'string', value: unquote(text, offset, this.#keepsEscapes) };
    const constant = word(text);
    if (constant === 'null') return { kind: 'null' };
    if (constant === 'true' || constant === 'false') return { kind: 'boolean', value: constant === 'true' };
    if (constant) throw new ExpressionError(`unexpected ${text}`, offset);
    return { kind: 'variable', name: text };
  }
}

/** `a.b.c` as the name of a function; undefined for anything else. */
function dotted(node: Node): string | undefined {
  if (node.kind === 'variable') return node.name;
  if (node.kind !== 'member') return undefined;
  const of = dotted(node.of);
  return of === undefined ? undefined : `${of}.${node.key}`;
}

function unquote(text: string, offset: number, keepsEscapes: boolean): string {
  return text
    .slice(1, -1)
    .replace(/\\(?:u([0-9a-fA-F]{4})|([\s\S]))/g, (_, code: string | undefined, one: string) => {
      if (code) return String.fromCharCode(Number.parseInt(code, 16));
      const plain = unescapes[one];
      if (plain === undefined && keepsEscapes) return `\\${one}`;
      if (plain === undefined) throw new ExpressionError(`unknown escape \\${one}`, offset);
      return plain;
    });
}

/**
 * Parses the text between `${` and `}`.
 *
 * @throws ExpressionError
 */
export function parseExpression(source: string, options: ParseOptions = {}): Expression {
  if (source.includes('\0')) throw new ExpressionError('unexpected "\\u0000"', source.indexOf('\0'));
  return new Expression(new Parser(source, [], options).whole());
}

/**
 * An expression written in the generator's own source. What is put in is a value, never text: a string
 * arrives as a string literal, an expression as a sub-tree.
 *
 * @example ex`len(results) > ${3} and name == ${'any "text"'}`
 */
export function ex(
  strings: TemplateStringsArray,
  ...values: readonly (string | number | boolean | null | Expression)[]
): Expression {
  const holes = values.map((value) => (value instanceof Expression ? value.node : literal(value)));
  const source = strings.raw.reduce((text, part, index) => `${text}\0${index - 1}\0${part}`);
  return new Expression(new Parser(source, holes).whole());
}
