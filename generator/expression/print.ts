/** Expression trees to text, with the parentheses that precedence and associativity ask for. */
import { type Expression, type Node, precedence, unaryPrecedence } from './tree.ts';

/** Binds tighter than any operator. */
const primary = 9;

/** The text between `${` and `}`. */
export function printExpression({ node }: Expression): string {
  return print(node, 0);
}

/**
 * @param tightness how tightly the surroundings bind; a node that binds less is put in parentheses
 */
function print(node: Node, tightness: number): string {
  switch (node.kind) {
    case 'null':
      return 'null';
    case 'boolean':
      return String(node.value);
    case 'number':
      return printNumber(node.value, node.double);
    case 'string':
      return printString(node.value);
    case 'variable':
      return node.name;
    case 'list':
      return `[${node.items.map((item) => print(item, 0)).join(', ')}]`;
    case 'member':
      return `${print(node.of, primary)}.${node.key}`;
    case 'index':
      return `${print(node.of, primary)}[${print(node.key, 0)}]`;
    case 'call':
      return `${node.name}(${node.arguments.map((argument) => print(argument, 0)).join(', ')})`;
    case 'unary': {
      const own = unaryPrecedence[node.operator];
      // `not` is always written like a call: nobody has to know how tightly it binds.
      const text =
        node.operator === 'not' ? `not(${print(node.operand, 0)})` : `-${print(node.operand, primary)}`;
      return own < tightness ? `(${text})` : text;
    }
    case 'binary': {
      const own = precedence[node.operator];
      // All operators associate to the left, so the right operand must bind tighter. Comparisons are not
      // chained: `a < b < c` is legal, and read wrongly by everybody.
      const left = print(node.left, own === precedence['=='] ? own + 1 : own);
      const right = print(node.right, own + 1);
      const text = `${left} ${node.operator} ${right}`;
      return own < tightness ? `(${text})` : text;
    }
  }
}

function printNumber(value: number, double: boolean): string {
  if (double && Number.isInteger(value) && value < 1e21) return `${value}.0`;
  const text = String(value);
  if (!text.includes('e')) return text;
  // No documented syntax for exponents: written out. 20 digits hold every double that a config may give.
  return value >= 1 ? BigInt(value).toString() + (double ? '.0' : '') : value.toFixed(20).replace(/0+$/, '');
}

const escapes: Record<string, string> = { '"': '\\"', '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/**
 * A string literal.
 *
 * @throws RangeError for a control character that no documented escape writes
 */
function printString(value: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  return `"${value.replace(/["\\\u0000-\u001f\u007f]/g, (character) => {
    const escaped = escapes[character];
    if (!escaped)
      throw new RangeError(`control character U+${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
    return escaped;
  })}"`;
}
