/**
 * The part of PromQL that dashboards and alerts use, evaluated over points of delta metrics: written from the
 * documentation, so that a test of a query means something. A series without points in a window has no answer.
 *
 * https://prometheus.io/docs/prometheus/latest/querying/basics/
 */

/** A point: how much a series grew at a time. */
export interface Point {
  readonly metric: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Seconds. */
  readonly time: number;
  readonly value: number;
}

/** A series of an answer. */
export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** What a query answers at a time. @throws Error where it is none that is understood */
export type Query = (points: readonly Point[], now: number) => Sample[];

const token =
  /\s*(?:([A-Za-z_:][\w:]*)|("(?:[^"\\]|\\.)*")|(\d+(?:\.\d+)?)([smhdw]?)|(!=|=~|[(){}[\],=<>/]))/y;

/** Reads a query. */
export function promql(text: string): Query {
  const words: string[] = [];
  token.lastIndex = 0;
  while (token.lastIndex < text.trimEnd().length) {
    const at = token.lastIndex;
    const found = token.exec(text);
    if (!found) throw new Error(`unexpected '${text.slice(at, at + 20)}'`);
    words.push(found[0].trim());
  }
  let next = 0;
  const peek = () => words[next] ?? '';
  const take = () => words[next++] ?? '';
  const expect = (word: string) => {
    const given = take();
    if (given !== word) throw new Error(`expected '${word}', found '${given}' in ${text}`);
  };

  /** The loosest of the operators: what of the other has labels that none of the one has is taken too. */
  const union = (): Query => {
    let left = intersection();
    while (peek() === 'or') {
      take();
      const [one, other] = [left, intersection()];
      left = (points, now) => {
        const first = one(points, now);
        const there = new Set(first.map(keyOf));
        return [...first, ...other(points, now).filter((sample) => !there.has(keyOf(sample)))];
      };
    }
    return left;
  };
  const intersection = (): Query => {
    let left = comparison();
    while (peek() === 'and') {
      take();
      const [one, other] = [left, comparison()];
      left = (points, now) => {
        const first = one(points, now);
        if (first.length === 0) return first;
        const there = new Set(other(points, now).map(keyOf));
        return first.filter((sample) => there.has(keyOf(sample)));
      };
    }
    return left;
  };
  const comparison = (): Query => {
    const left = quotient();
    const sign = peek();
    if (sign !== '<' && sign !== '>') return left;
    take();
    const limit = Number(take());
    return (points, now) =>
      left(points, now).filter(({ value }) => (sign === '<' ? value < limit : value > limit));
  };
  const quotient = (): Query => {
    const left = primary();
    if (peek() !== '/') return left;
    take();
    const right = primary();
    return (points, now) => {
      const divisors = new Map(right(points, now).map((sample) => [keyOf(sample), sample.value]));
      return left(points, now).flatMap((sample) => {
        const divisor = divisors.get(keyOf(sample));
        return divisor === undefined ? [] : [{ ...sample, value: sample.value / divisor }];
      });
    };
  };
  const primary = (): Query => {
    const word = take();
    switch (word) {
      case '(': {
        const inner = union();
        expect(')');
        return inner;
      }
      case 'vector': {
        expect('(');
        const value = Number(take());
        expect(')');
        return () => [{ labels: {}, value }];
      }
      case 'sum':
        return sum();
      case 'topk': {
        expect('(');
        const most = Number(take());
        expect(',');
        const inner = union();
        expect(')');
        return (points, now) =>
          inner(points, now)
            .sort((one, other) => other.value - one.value)
            .slice(0, most);
      }
      case 'increase':
        return increase();
      default:
        throw new Error(`'${word}' is not understood in ${text}`);
    }
  };
  const sum = (): Query => {
    let by: string[] = [];
    if (peek() === 'by') {
      take();
      expect('(');
      by = [take()];
      expect(')');
    }
    expect('(');
    const inner = union();
    expect(')');
    return (points, now) => {
      const groups = new Map<string, Sample>();
      for (const { labels, value } of inner(points, now)) {
        const kept = Object.fromEntries(by.map((name) => [name, labels[name] ?? '']));
        const key = keyOf({ labels: kept, value });
        groups.set(key, { labels: kept, value: (groups.get(key)?.value ?? 0) + value });
      }
      return [...groups.values()];
    };
  };
  const increase = (): Query => {
    expect('(');
    const metric = take();
    expect('{');
    const matchers: ((labels: Sample['labels']) => boolean)[] = [];
    do {
      if (peek() === ',') take();
      const [name, sign, value] = [take(), take(), JSON.parse(take()) as string];
      const isMatch = matching(sign, value);
      matchers.push((labels) => isMatch(labels[name] ?? ''));
    } while (peek() === ',');
    expect('}');
    expect('[');
    const seconds = secondsOf(take());
    expect(']');
    expect(')');
    return (points, now) => {
      const series = new Map<string, Sample>();
      for (const { labels, value, ...point } of points) {
        if (point.metric !== metric || point.time <= now - seconds || point.time > now) continue;
        if (!matchers.every((isMatch) => isMatch(labels))) continue;
        const key = keyOf({ labels, value });
        series.set(key, { labels, value: (series.get(key)?.value ?? 0) + value });
      }
      return [...series.values()];
    };
  };
  const query = union();
  if (next < words.length) throw new Error(`unexpected '${peek()}' in ${text}`);
  return query;
}

/** A matcher of labels. A regular expression has to match the whole value. */
function matching(sign: string, value: string): (text: string) => boolean {
  switch (sign) {
    case '=':
      return (text) => text === value;
    case '!=':
      return (text) => text !== value;
    case '=~': {
      const whole = new RegExp(`^(?:${value})$`);
      return (text) => whole.test(text);
    }
    default:
      throw new Error(`'${sign}' is no matcher`);
  }
}

const units: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };

/** Seconds of a range: `90s`, `7d`. */
function secondsOf(range: string): number {
  const unit = units[range.slice(-1)];
  if (unit === undefined) throw new Error(`'${range}' is no range`);
  return Number.parseFloat(range) * unit;
}

function keyOf({ labels }: Sample): string {
  return JSON.stringify(Object.entries(labels).sort());
}
