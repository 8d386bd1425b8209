/** Checks that what is called exists and takes the arguments it gets. */

import { didYouMean } from '../../nearest.ts';
import { callable } from '../callable.ts';
import { connectorProposal } from '../connectors/documented.ts';
import type { Call, Code, Routine } from '../definition.ts';
import type { Expression } from '../expression/tree.ts';
import { libraryNames } from '../stdlib/index.ts';
import type { LibraryFunction } from '../stdlib/library.ts';
import { checkCode, checkData } from './symbols.ts';
import type { Checking } from './validate.ts';

/** A parameter of whatever is called. */
interface Parameter {
  readonly name: string;
  readonly alias?: string;
  readonly required: boolean;
}

function ofRoutine({ params }: Routine): Parameter[] {
  return params.map(({ name, fallback }) => ({ name, required: fallback === undefined }));
}

function ofFunction({ params }: LibraryFunction): Parameter[] {
  return params.map(({ name, alias, optional }) => ({
    name,
    required: !optional,
    ...(alias !== undefined && { alias }),
  }));
}

/** The parameters of what a name calls, undefined where they are not known, or why it calls nothing. */
function resolve(name: string, { definition, names }: Checking): Parameter[] | string | undefined {
  const routine = definition.routines.get(name);
  if (routine) return ofRoutine(routine);
  const found = callable(name);
  if (found) return found.open ? undefined : ofFunction(found);
  if (name.startsWith('googleapis.')) return `there is no connector '${name}'${connectorProposal(name)}`;
  if (names.has(name.split('.', 1)[0] ?? '') && !name.includes('.'))
    return `'${name}' is a variable; it can't be called`;
  return `'${name}' is neither a function nor a sub-workflow name${didYouMean(name, [...definition.routines.keys(), ...libraryNames])}`;
}

/** Checks a call step. */
export function checkCall(call: Call, checking: Checking): void {
  const { report } = checking;
  for (const { value } of call.args) checkData(value, checking, 'argument');
  if (call.argsCode) checkCode(call.argsCode, checking, 'arguments');
  if (call.function === '') return;
  const params = resolve(call.function, checking);
  if (typeof params === 'string') {
    report('function', call.functionAt, params);
    return;
  }
  // Arguments that come as one expression are known only when it runs.
  if (call.argsCode || !params) return;
  for (const { name, at } of call.args)
    if (!params.some((one) => one.name === name || one.alias === name))
      report(
        'argument',
        at,
        `'${call.function}' has no argument '${name}'${didYouMean(
          name,
          params.map((one) => one.name),
        )}`,
      );
  for (const { name, alias, required } of params)
    if (required && !call.args.some((one) => one.name === name || one.name === alias))
      report('argument', call.functionAt, `'${call.function}' needs the argument '${name}'`);
}

/** Checks a call in an expression, where arguments go by position. */
export function checkCallExpression(
  call: Extract<Expression, { kind: 'call' }>,
  code: Code,
  checking: Checking,
  what: string,
): void {
  const at = code.place(call.at);
  const fail = (kind: 'function' | 'argument', message: string) =>
    checking.report(kind, at, `error evaluating ${what}: ${message}`);
  const params = resolve(call.name, checking);
  if (typeof params === 'string') {
    fail('function', params);
    return;
  }
  if (callable(call.name)?.blocking) {
    fail('function', `'${call.name}' blocks and can't stand in an expression; make it a call step`);
    return;
  }
  if (!params) return;
  if (call.args.length > params.length)
    fail('argument', `'${call.name}' takes ${params.length} arguments at most; got ${call.args.length}`);
  const missing = params.slice(call.args.length).find(({ required }) => required);
  if (missing) fail('argument', `'${call.name}' needs the argument '${missing.name}'`);
}
