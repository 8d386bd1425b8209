/** Checks the names that expressions use. */

import { didYouMean } from '../../nearest.ts';
import type { Code, Data } from '../definition.ts';
import { dotted, type Expression } from '../expression/tree.ts';
import { constant, library, libraryNames } from '../stdlib/index.ts';
import { checkCallExpression } from './calls.ts';
import type { Checking } from './validate.ts';

/** Checks all expressions in data. `what` says what it is, for messages. */
export function checkData(data: Data, checking: Checking, what: string): void {
  switch (data.kind) {
    case 'literal':
      return;
    case 'code':
      checkCode(data.code, checking, what);
      return;
    case 'list':
      for (const item of data.items) checkData(item, checking, what);
      return;
    case 'map':
      for (const { key, value } of data.entries) {
        if (typeof key !== 'string') checkCode(key, checking, what);
        checkData(value, checking, what);
      }
  }
}

/** Checks an expression. */
export function checkCode(code: Code, checking: Checking, what: string): void {
  check(code.expression, code, checking, what);
}

function check(expression: Expression, code: Code, checking: Checking, what: string): void {
  const { names, definition, report } = checking;
  const down = (one: Expression) => check(one, code, checking, what);
  switch (expression.kind) {
    case 'literal':
      return;
    case 'name': {
      const { name } = expression;
      if (names.has(name) || definition.routines.has(name)) return;
      report(
        'symbol',
        code.place(expression.at),
        `error evaluating ${what}: symbol '${name}' is neither a variable nor a sub-workflow name${didYouMean(name, [...names.all(), ...definition.routines.keys()])}`,
      );
      return;
    }
    case 'member': {
      const name = dotted(expression);
      const root = name?.split('.', 1)[0] ?? '';
      if (name === undefined || names.has(root)) {
        down(expression.of);
        return;
      }
      if (constant(name) !== undefined) return;
      if (library.has(name)) {
        report(
          'function',
          code.place(expression.at),
          `error evaluating ${what}: '${name}' is a function; call it`,
        );
        return;
      }
      if (libraryNames.some((one) => one.startsWith(`${root}.`))) {
        report(
          'symbol',
          code.place(expression.at),
          `error evaluating ${what}: '${name}' is not in the standard library${didYouMean(name, libraryNames)}`,
        );
        return;
      }
      down(expression.of);
      return;
    }
    case 'index':
      down(expression.of);
      down(expression.index);
      return;
    case 'list':
      for (const item of expression.items) down(item);
      return;
    case 'call':
      checkCallExpression(expression, code, checking, what);
      for (const arg of expression.args) down(arg);
      return;
    case 'unary':
      down(expression.of);
      return;
    case 'binary':
      down(expression.left);
      down(expression.right);
      return;
  }
}
