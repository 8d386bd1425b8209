/** Errors of the OCI distribution protocol. https://github.com/opencontainers/distribution-spec/blob/main/spec.md#error-codes */

/** A request that is refused. Answered as `{errors: [{code, message, detail}]}`. */
export class OciError extends Error {
  override name = 'OciError';
  readonly status: number;
  readonly code: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly detail: unknown;

  constructor(
    status: number,
    code: string,
    message: string,
    { headers = {}, detail }: { headers?: Readonly<Record<string, string>>; detail?: unknown } = {},
  ) {
    super(message);
    this.status = status;
    this.code = code;
    this.headers = headers;
    this.detail = detail;
  }

  /** The body of the answer. */
  toJSON() {
    const { code, message, detail } = this;
    return { errors: [{ code, message, ...(detail !== undefined && { detail }) }] };
  }
}
