/** What a caller may ask for: less than the operator allowed, never more. */
import { type RepositoryName, resourceName } from '../../generator/plan.ts';
import { quote } from '../../generator/resolve/describe.ts';
import type { Field, Override } from '../settings/field.ts';
import { type FieldName, fields, type Settings } from '../settings/fields.ts';
import type { Fault } from '../settings/usage-error.ts';
import type { Overrides } from './body.ts';

/**
 * Puts a body's fields over the configured settings; those that would widen them are refused.
 *
 * @param faults what is refused is added
 */
export function applyOverrides(configured: Settings, overrides: Overrides, faults: Fault[]): Settings {
  const settings: Record<string, unknown> = { ...configured };
  for (const [key, asked] of Object.entries(overrides)) {
    const name = key as FieldName;
    const { config = name, override }: Field = fields[name];
    const before = configured[name];
    const isFree = configured.allowOverrides.includes(config);
    const why = isFree ? undefined : refusal(override, before, asked);
    if (why !== undefined)
      faults.push({
        at: config,
        message: why,
        hint: `the operator may allow it with --allow-override ${config}`,
      });
    settings[name] = !isFree && override === 'added' ? union(before, asked) : asked;
  }
  return settings as Settings;
}

/** Why a value is more than was configured. */
function refusal(override: Override | undefined, before: unknown, asked: unknown): string | undefined {
  const [least, most] = [Number(before ?? 0), Number(asked)];
  switch (override) {
    case undefined:
      return 'not for callers to set';
    case 'any':
    case 'added':
      return undefined;
    case 'subset':
      return outside(before, asked);
    case 'lower':
      return most > least ? `${most} is above what is configured, ${least}` : undefined;
    case 'higher':
      return most < least ? `${most} is below what is configured, ${least}` : undefined;
    case 'younger':
      // 0 is no limit at all.
      return least > 0 && (most === 0 || most > least)
        ? `${most} is more than is configured, ${least}`
        : undefined;
    case 'on':
      return before === true && asked === false ? 'it is on, and a caller may not turn it off' : undefined;
    case 'off':
      return before !== true && asked === true ? 'it is off, and a caller may not turn it on' : undefined;
  }
}

interface Named {
  readonly name: RepositoryName;
}

/** A repository that was not configured. */
function outside(before: unknown, asked: unknown): string | undefined {
  const known = new Set(listOf(before).map(({ name }) => resourceName(name)));
  const stranger = listOf(asked).find(({ name }) => !known.has(resourceName(name)));
  return stranger && `${quote(resourceName(stranger.name))} is not configured`;
}

function listOf(value: unknown): readonly Named[] {
  return (Array.isArray(value) ? value : [value]).filter((one) => one !== undefined) as Named[];
}

function union(before: unknown, asked: unknown): unknown[] {
  return [...new Set([...(before as unknown[]), ...(asked as unknown[])])];
}
