/** Module math. https://cloud.google.com/workflows/docs/reference/stdlib/math */
import { define } from './library.ts';

/** Functions of module math. */
export const math = [
  define('math.abs', ['x'], (args) => {
    const x = args.number('x');
    return typeof x === 'bigint' ? (x < 0n ? -x : x) : Math.abs(x);
  }),
  define('math.floor', ['x'], (args) => {
    const x = args.number('x');
    if (typeof x === 'bigint') return x;
    if (!Number.isFinite(x)) throw args.invalid(`${x} has no floor`);
    return BigInt(Math.floor(x));
  }),
  define('math.max', ['x', 'y'], (args) => {
    const x = args.number('x');
    const y = args.number('y');
    // Not Math.max, which knows no bigint.
    if (x < y) return y;
    return x;
  }),
  define('math.min', ['x', 'y'], (args) => {
    const x = args.number('x');
    const y = args.number('y');
    if (y < x) return y;
    return x;
  }),
];
