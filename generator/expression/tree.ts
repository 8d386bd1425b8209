/**
 * Workflows expressions as trees. Only a tree becomes `${…}` in the YAML; a plain string never does, so a
 * value from a config cannot become code.
 */

/** Binary operators, by how tightly they bind. https://cloud.google.com/workflows/docs/reference/syntax/datatypes */
export const precedence = {
  or: 1,
  and: 2,
  '==': 3,
  '!=': 3,
  '<': 3,
  '<=': 3,
  '>': 3,
  '>=': 3,
  in: 3,
  '+': 4,
  '-': 4,
  '*': 5,
  '/': 5,
  '//': 5,
  '%': 5,
} as const;

/** Unary operators bind tighter than any binary one, `not` tightest. */
export const unaryPrecedence = { '-': 6, not: 7 } as const;

export type BinaryOperator = keyof typeof precedence;
export type UnaryOperator = keyof typeof unaryPrecedence;

/** One node of an expression. */
export type Node =
  | { readonly kind: 'null' }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'string'; readonly value: string }
  /** Non-negative and finite; `double` keeps `1.0` apart from `1`. */
  | { readonly kind: 'number'; readonly value: number; readonly double: boolean }
  | { readonly kind: 'list'; readonly items: readonly Node[] }
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: 'member'; readonly of: Node; readonly key: string }
  | { readonly kind: 'index'; readonly of: Node; readonly key: Node }
  /** `name` is dotted where the function is in a module: `map.get`. */
  | { readonly kind: 'call'; readonly name: string; readonly arguments: readonly Node[] }
  | { readonly kind: 'unary'; readonly operator: UnaryOperator; readonly operand: Node }
  | { readonly kind: 'binary'; readonly operator: BinaryOperator; readonly left: Node; readonly right: Node };

/** An expression. A class, so that no plain object from a config can pass for one. */
export class Expression {
  readonly node: Node;

  constructor(node: Node) {
    this.node = node;
  }
}

/** The literal for a value; a negative number becomes a negation. */
export function literal(value: string | number | boolean | null): Node {
  if (value === null) return { kind: 'null' };
  if (typeof value === 'boolean') return { kind: 'boolean', value };
  if (typeof value === 'string') return { kind: 'string', value };
  if (!Number.isFinite(value)) throw new RangeError(`${value} has no literal`);
  const number: Node = { kind: 'number', value: Math.abs(value), double: !Number.isInteger(value) };
  return value < 0 ? { kind: 'unary', operator: '-', operand: number } : number;
}

/** Calls `visit` for a node and all below it, outermost first. */
export function walk(node: Node, visit: (node: Node) => void): void {
  visit(node);
  for (const child of children(node)) walk(child, visit);
}

function children(node: Node): readonly Node[] {
  switch (node.kind) {
    case 'list':
      return node.items;
    case 'member':
      return [node.of];
    case 'index':
      return [node.of, node.key];
    case 'call':
      return node.arguments;
    case 'unary':
      return [node.operand];
    case 'binary':
      return [node.left, node.right];
    default:
      return [];
  }
}
