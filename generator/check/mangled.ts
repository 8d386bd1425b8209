/**
 * Texts that YAML takes for something else than is meant, or that hold an expression which is none.
 *
 * https://cloud.google.com/workflows/docs/reference/syntax/expressions
 */

import type { Range, ScalarNode, SourceNode } from '../workflow/read/source.ts';
import type { FindingCode } from './finding.ts';

/** What a scalar is found to be. */
export interface Mangled {
  readonly code: Extract<FindingCode, 'mangled' | 'embedded-expression'>;
  readonly message: string;
  readonly hint: string;
  readonly range: Range;
}

/** What YAML 1.1 takes for something else than YAML 1.2 does: which one a reader follows is seldom said. */
const ambiguous: readonly (readonly [RegExp, string])[] = [
  [/^(?:yes|Yes|YES|on|On|ON)$/, 'true'],
  [/^(?:no|No|NO|off|Off|OFF)$/, 'false'],
  [/^[-+]?0[0-7]+$/, 'an octal number'],
  [/^[-+]?\d[\d_]*_[\d_]*$/, 'a number'],
  [/^[-+]?\d+(?::[0-5]?\d)+$/, 'a number of base 60'],
  [/^\d{4}-\d\d?-\d\d?(?:[Tt ].*)?$/, 'a date'],
];

/** @param text the whole file */
export function findMangled(root: SourceNode, text: string): Mangled[] {
  const found: Mangled[] = [];
  const visit = (node: SourceNode): void => {
    switch (node.kind) {
      case 'list':
        for (const item of node.items) visit(item);
        return;
      case 'map':
        for (const { key, value } of node.entries) {
          const mangled = plainMangled(key);
          if (mangled) found.push(mangled);
          visit(value);
        }
        return;
      case 'scalar': {
        const mangled = plainMangled(node) ?? brokenExpression(node, text);
        if (mangled) found.push(mangled);
      }
    }
  };
  visit(root);
  return found;
}

function plainMangled({ isPlain, raw, range }: ScalarNode): Mangled | undefined {
  const meant = isPlain ? ambiguous.find(([pattern]) => pattern.test(raw)) : undefined;
  if (!meant) return undefined;
  return {
    code: 'mangled',
    message: `${raw} is ${meant[1]} for a reader of YAML 1.1, and text or another number for one of 1.2`,
    hint: 'put it in quotes, or write what is meant',
    range,
  };
}

function brokenExpression({ value, range, isPlain }: ScalarNode, text: string): Mangled | undefined {
  if (typeof value !== 'string' || !value.includes('${')) return undefined;
  const trimmed = value.trim();
  if (trimmed.startsWith('${') && trimmed.endsWith('}')) return undefined;
  const rest = text.slice(range.to, range.to + 2);
  if (isPlain && trimmed.startsWith('${') && /^\s*#/.test(rest + text.slice(range.to + 2, range.to + 40)))
    return {
      code: 'mangled',
      message: 'YAML ends the text before " #": the rest of the expression is a comment',
      hint: 'put quotes around the whole expression',
      range,
    };
  const at = text.indexOf('${', range.from);
  return {
    code: 'embedded-expression',
    message: 'an expression within a longer text is sent as it is written',
    hint: 'make the whole value an expression that joins the parts with "+"',
    range: at >= range.from && at < range.to ? { from: at, to: at + 2 } : range,
  };
}
