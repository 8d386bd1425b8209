/** The trace that a request belongs to, as its headers say: entries that carry it are shown with the request. */

/** A trace, as Cloud Logging takes it. */
export interface Trace {
  /** `projects/P/traces/T`. */
  readonly name: string;
  /** 16 hexadecimal digits. */
  readonly spanId: string | undefined;
  readonly isSampled: boolean | undefined;
}

/** Version, trace, span, flags; a later version may have more behind them. https://www.w3.org/TR/trace-context/ */
const w3c = /^(?!ff)[\da-f]{2}-([\da-f]{32})-([\da-f]{16})-([\da-f]{2})(?:-.*)?$/;

/** `TRACE/SPAN;o=OPTIONS`, the span in decimal. https://cloud.google.com/trace/docs/trace-context#legacy-http-header */
const google = /^([\da-fA-F]{32})(?:\/(\d{1,20}))?(?:;o=(\d+))?$/;

const zero = /^0+$/;

/**
 * The trace of a request: from `traceparent`, or else from `X-Cloud-Trace-Context`. What is malformed is ignored.
 *
 * @param project whose trace it is; undefined where it is not known, and then there is none
 */
export function traceOf(
  header: (name: string) => string | undefined,
  project: string | undefined,
): Trace | undefined {
  if (project === undefined) return undefined;
  const name = (trace: string) => `projects/${project}/traces/${trace}`;
  const [, trace = '0', span = '0', flags = '0'] = w3c.exec(header('traceparent') ?? '') ?? [];
  if (!zero.test(trace) && !zero.test(span))
    return { name: name(trace), spanId: span, isSampled: (Number.parseInt(flags, 16) & 1) === 1 };
  const [, id = '0', number = '0', options] = google.exec(header('x-cloud-trace-context') ?? '') ?? [];
  if (zero.test(id)) return undefined;
  const hex = BigInt(number).toString(16).padStart(16, '0');
  return {
    name: name(id.toLowerCase()),
    spanId: zero.test(hex) || hex.length > 16 ? undefined : hex,
    isSampled: options === undefined ? undefined : (Number(options) & 1) === 1,
  };
}
