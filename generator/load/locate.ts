/**
 * Finds where in the source a value of the config was written, by following the default export through calls of
 * `defineConfig`, variables, spreads and imports as far as it can be followed.
 */
import type { ts as t } from 'ts-morph';
import { type Key, keysOf } from '../config-path.ts';
import type { Place } from '../fault.ts';
import type { ConfigPath } from '../plan.ts';
import { nodePlace } from './place.ts';
import { ts } from './ts-morph.ts';

/** What to underline of a field: what it is set to, or its name. */
export type Part = 'value' | 'key';

/**
 * A function from config paths to places. Where a value was computed, the place is the nearest expression around
 * it that can be named; only a config without a default export has none.
 *
 * @param value the config, which tells how many elements a computed list has
 */
export function locator(
  source: t.SourceFile,
  checker: t.TypeChecker,
  value: unknown,
): (path: ConfigPath, part?: Part) => Place | undefined {
  const root = defaultExport(source, checker);
  return (path, part = 'value') => {
    if (root === undefined) return undefined;
    const spot = follow(root, keysOf(path), value, checker);
    const { name, node } = spot;
    return nodePlace(part === 'key' && name !== undefined && spot.complete ? name : written(node, checker));
  };
}

/** What a variable was set to where that is plain to see; a computed value is best shown where it is used. */
function written(node: t.Node, checker: t.TypeChecker): t.Node {
  const origin = peel(node, checker);
  const isPlain =
    ts.isLiteralExpression(origin) ||
    ts.isObjectLiteralExpression(origin) ||
    ts.isArrayLiteralExpression(origin);
  return isPlain ? origin : node;
}

/** The expression that the module exports as its default. */
function defaultExport(source: t.SourceFile, checker: t.TypeChecker): t.Expression | undefined {
  const module = checker.getSymbolAtLocation(source);
  const symbol = module?.exports?.get(ts.InternalSymbolName.Default as t.__String);
  return symbol && initializer(symbol, checker);
}

/** How far a path was followed. */
interface Spot {
  /** The deepest expression found. */
  node: t.Node;
  /** The name of its field, where it is one. */
  name: t.Node | undefined;
  /** Whether every step of the path was found. */
  complete: boolean;
}

/** The expression in which a field of a field of an expression was written, or the deepest that can be found. */
export function descend(root: t.Node, fields: readonly string[], checker: t.TypeChecker): t.Node {
  return fields.length === 0 && !ts.isIdentifier(root) ? root : follow(root, fields, undefined, checker).node;
}

function follow(root: t.Node, keys: readonly Key[], value: unknown, checker: t.TypeChecker): Spot {
  const spot: Spot = { node: peel(root, checker), name: undefined, complete: true };
  let current: unknown = value;
  for (const key of keys) {
    const found = step(peel(spot.node, checker), key, current, checker);
    if (found === undefined) return { ...spot, complete: false };
    Object.assign(spot, found);
    if (!found.complete) return spot;
    current = (current as Record<Key, unknown> | undefined)?.[key];
  }
  return spot;
}

function step(node: t.Node, key: Key, value: unknown, checker: t.TypeChecker): Spot | undefined {
  if (ts.isObjectLiteralExpression(node)) return property(node, String(key), value, checker);
  if (ts.isArrayLiteralExpression(node) && typeof key === 'number') return element(node, key, value, checker);
  const result = mapped(node);
  if (result && typeof key === 'number') return { node: result, name: undefined, complete: true };
  return undefined;
}

function property(
  node: t.ObjectLiteralExpression,
  key: string,
  value: unknown,
  checker: t.TypeChecker,
): Spot | undefined {
  let computed: t.Node | undefined;
  // From the last, which wins.
  for (const member of [...node.properties].reverse()) {
    if (ts.isSpreadAssignment(member)) {
      const found = step(peel(member.expression, checker), key, value, checker);
      if (found) return found;
      if (!ts.isObjectLiteralExpression(peel(member.expression, checker))) computed ??= member.expression;
      continue;
    }
    const { name } = member;
    if (nameOf(name) !== key) continue;
    if (ts.isPropertyAssignment(member)) return { node: member.initializer, name, complete: true };
    // A shorthand stands for a variable; a getter or method is its own place.
    return { node: ts.isShorthandPropertyAssignment(member) ? name : member, name, complete: true };
  }
  return computed && { node: computed, name: undefined, complete: false };
}

function element(
  node: t.ArrayLiteralExpression,
  index: number,
  value: unknown,
  checker: t.TypeChecker,
): Spot | undefined {
  const total = Array.isArray(value) ? value.length : undefined;
  const sizes = node.elements.map((item) => sizeOf(item, checker));
  const known = sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0);
  // One spread of unknown length is as long as the rest of the list leaves it.
  const open = sizes.filter((size) => size === undefined).length;
  let position = 0;
  for (const [i, item] of node.elements.entries()) {
    const size = sizes[i] ?? (open === 1 && total !== undefined ? total - known : undefined);
    if (size === undefined) return { node: item, name: undefined, complete: false };
    if (index < position + size) {
      if (!ts.isSpreadElement(item)) return { node: item, name: undefined, complete: true };
      const inner = Array.isArray(value) ? value.slice(position, position + size) : undefined;
      const found = step(peel(item.expression, checker), index - position, inner, checker);
      return found ?? { node: item.expression, name: undefined, complete: false };
    }
    position += size;
  }
  return undefined;
}

function sizeOf(item: t.Expression, checker: t.TypeChecker): number | undefined {
  if (!ts.isSpreadElement(item)) return 1;
  const list = peel(item.expression, checker);
  if (!ts.isArrayLiteralExpression(list)) return undefined;
  let size = 0;
  for (const inner of list.elements) {
    const count = sizeOf(inner, checker);
    if (count === undefined) return undefined;
    size += count;
  }
  return size;
}

/** What the function of `list.map(function)` returns: every element was written there. */
function mapped(node: t.Node): t.Expression | undefined {
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return undefined;
  if (!['map', 'flatMap'].includes(node.expression.name.text)) return undefined;
  const [callback] = node.arguments;
  if (!callback || !(ts.isArrowFunction(callback) || ts.isFunctionExpression(callback))) return undefined;
  const { body } = callback;
  if (!ts.isBlock(body)) return body;
  const returns = body.statements.filter(ts.isReturnStatement);
  return returns.length === 1 ? returns[0]?.expression : undefined;
}

/** The expression behind brackets, types, variables, property accesses and calls that return their argument. */
function peel(node: t.Node, checker: t.TypeChecker, depth = 0): t.Node {
  // A variable may be defined by itself.
  if (depth > 50) return node;
  const inner = behind(node, checker);
  return inner === undefined ? node : peel(inner, checker, depth + 1);
}

function behind(node: t.Node, checker: t.TypeChecker): t.Node | undefined {
  if (
    ts.isParenthesizedExpression(node) ||
    ts.isAsExpression(node) ||
    ts.isSatisfiesExpression(node) ||
    ts.isNonNullExpression(node) ||
    ts.isTypeAssertionExpression(node) ||
    ts.isAwaitExpression(node)
  ) {
    return node.expression;
  }
  if (ts.isCallExpression(node)) return returnsArgument(node) ? node.arguments[0] : undefined;
  if (ts.isIdentifier(node)) {
    const isShorthand = ts.isShorthandPropertyAssignment(node.parent) && node.parent.name === node;
    const symbol = isShorthand
      ? checker.getShorthandAssignmentValueSymbol(node.parent)
      : checker.getSymbolAtLocation(node);
    return symbol && initializer(symbol, checker);
  }
  if (ts.isPropertyAccessExpression(node)) {
    const found = step(peel(node.expression, checker), node.name.text, undefined, checker);
    // Of `import * as all` there is no object to look into.
    const symbol = found ? undefined : checker.getSymbolAtLocation(node.name);
    return found?.node ?? (symbol && initializer(symbol, checker));
  }
  return undefined;
}

function returnsArgument({ expression }: t.CallExpression): boolean {
  const name = ts.isPropertyAccessExpression(expression)
    ? expression.getText()
    : (expression as t.Identifier).text;
  return name === 'defineConfig' || name === 'Object.freeze' || name === 'structuredClone';
}

/** What a `const` or a default export was set to, across imports. */
function initializer(symbol: t.Symbol, checker: t.TypeChecker): t.Expression | undefined {
  const target = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  const [declaration] = target.declarations ?? [];
  const local = symbol.declarations?.find(ts.isExportAssignment);
  if (local) return local.expression;
  if (declaration && ts.isExportAssignment(declaration)) return declaration.expression;
  if (!declaration || !ts.isVariableDeclaration(declaration)) return undefined;
  // A `let` may have been set again.
  const isConst = ts.getCombinedNodeFlags(declaration) & ts.NodeFlags.Const;
  return isConst ? declaration.initializer : undefined;
}

function nameOf(name: t.PropertyName): string | undefined {
  if (ts.isIdentifier(name) || ts.isStringLiteralLike(name) || ts.isNumericLiteral(name)) return name.text;
  if (ts.isComputedPropertyName(name) && ts.isStringLiteralLike(name.expression)) return name.expression.text;
  return undefined;
}
