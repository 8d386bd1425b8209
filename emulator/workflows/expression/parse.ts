/**
 * Parses expressions, with the documented precedence.
 *
 * https://cloud.google.com/workflows/docs/reference/syntax/datatypes#order-operations
 */
import { lex, type Mark, type Token } from './lex.ts';
import { type BinaryOperator, dotted, type Expression, ExpressionError } from './tree.ts';

/** Binary operators, least binding first; all associate to the left. */
const levels: readonly (readonly BinaryOperator[])[] = [
  ['or'],
  ['and'],
  ['==', '!=', '<', '<=', '>', '>=', 'in'],
  ['+', '-'],
  ['*', '/', '//', '%'],
];

/** Nesting beyond this is refused: 400 characters hold no more. */
const maxDepth = 250;

/**
 * Parses an expression, without its `${` and `}`.
 *
 * @throws ExpressionError
 */
export function parseExpression(text: string): Expression {
  const parser = new Parser(lex(text));
  return parser.whole();
}

/**
 * What an assignment goes to, such as `a.b[0]["k"]`: a variable and the keys below it.
 *
 * @throws ExpressionError
 */
export function parseTarget(text: string): Target {
  const expression = parseExpression(text);
  const path: Expression[] = [];
  let one = expression;
  for (;;) {
    if (one.kind === 'name') return { name: one.name, path: path.reverse(), at: one.at };
    if (one.kind === 'member') path.push({ kind: 'literal', value: one.key, at: one.at });
    else if (one.kind === 'index') path.push(one.index);
    else throw new ExpressionError('not a variable, nor a key or index below one', one.at);
    one = one.of;
  }
}

/** What an assignment goes to. */
export interface Target {
  readonly name: string;
  /** Keys and indices below the variable; empty for the variable itself. */
  readonly path: readonly Expression[];
  readonly at: number;
}

class Parser {
  readonly #tokens: readonly Token[];
  #next = 0;
  #depth = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  whole(): Expression {
    if (this.#token.kind === 'end') throw new ExpressionError('empty expression', 0);
    const expression = this.#binary(0);
    if (this.#next < this.#tokens.length - 1) throw this.#unexpected();
    return expression;
  }

  get #token(): Token {
    // The last token is the end, and it is never passed.
    return this.#tokens[this.#next] as Token;
  }

  #is(symbol: Mark): boolean {
    const token = this.#token;
    return token.kind === 'symbol' && token.symbol === symbol;
  }

  #take(symbol: Mark): boolean {
    if (!this.#is(symbol)) return false;
    this.#next++;
    return true;
  }

  #expect(symbol: Mark): void {
    if (!this.#take(symbol)) throw this.#unexpected(`'${symbol}'`);
  }

  #unexpected(expecting?: string): ExpressionError {
    const token = this.#token;
    const found =
      token.kind === 'end'
        ? 'the end of the expression'
        : token.kind === 'symbol'
          ? `'${token.symbol}'`
          : token.kind === 'name'
            ? `'${token.name}'`
            : 'a literal';
    return new ExpressionError(`unexpected ${found}${expecting ? `, expecting ${expecting}` : ''}`, token.at);
  }

  #binary(level: number): Expression {
    const operators = levels[level];
    if (!operators) return this.#unary();
    if (++this.#depth > maxDepth) throw new ExpressionError('nested too deeply', this.#token.at);
    let left = this.#binary(level + 1);
    for (;;) {
      const token = this.#token;
      const operator = token.kind === 'symbol' ? operators.find((one) => one === token.symbol) : undefined;
      if (!operator) {
        this.#depth--;
        return left;
      }
      this.#next++;
      left = { kind: 'binary', operator, left, right: this.#binary(level + 1), at: token.at };
    }
  }

  #unary(): Expression {
    const { at } = this.#token;
    for (const operator of ['-', 'not'] as const)
      if (this.#take(operator)) {
        if (++this.#depth > maxDepth) throw new ExpressionError('nested too deeply', at);
        const of = this.#unary();
        this.#depth--;
        return { kind: 'unary', operator, of, at };
      }
    return this.#postfix();
  }

  #postfix(): Expression {
    let one = this.#primary();
    for (;;) {
      const { at } = this.#token;
      if (this.#take('.')) {
        const token = this.#token;
        if (token.kind !== 'name') throw this.#unexpected('the name of a key');
        this.#next++;
        one = { kind: 'member', of: one, key: token.name, at: token.at };
      } else if (this.#take('[')) {
        const index = this.#binary(0);
        this.#expect(']');
        one = { kind: 'index', of: one, index, at };
      } else if (this.#is('(')) {
        const name = dotted(one);
        if (name === undefined) throw new ExpressionError('only a function can be called', at);
        this.#next++;
        one = { kind: 'call', name, args: this.#list(')'), at: start(one) };
      } else return one;
    }
  }

  #primary(): Expression {
    const token = this.#token;
    if (token.kind === 'literal') {
      this.#next++;
      return { kind: 'literal', value: token.value, at: token.at };
    }
    if (token.kind === 'name') {
      this.#next++;
      return { kind: 'name', name: token.name, at: token.at };
    }
    if (this.#take('(')) {
      const inner = this.#binary(0);
      this.#expect(')');
      return inner;
    }
    if (this.#take('[')) return { kind: 'list', items: this.#list(']'), at: token.at };
    throw this.#unexpected('a value');
  }

  /** Expressions between commas, up to and with what closes them. */
  #list(close: ')' | ']'): Expression[] {
    const items: Expression[] = [];
    if (this.#take(close)) return items;
    for (;;) {
      items.push(this.#binary(0));
      if (this.#take(close)) return items;
      if (!this.#take(',')) throw this.#unexpected(`',' or '${close}'`);
    }
  }
}

function start(expression: Expression): number {
  return expression.kind === 'member' || expression.kind === 'index' ? start(expression.of) : expression.at;
}
