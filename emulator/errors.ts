/** Google's error shape: one canonical status, its HTTP code, a message. https://cloud.google.com/apis/design/errors */

/** Canonical statuses and the HTTP code that each is sent with. */
export const httpCodes = {
  INVALID_ARGUMENT: 400,
  FAILED_PRECONDITION: 400,
  OUT_OF_RANGE: 400,
  UNAUTHENTICATED: 401,
  PERMISSION_DENIED: 403,
  NOT_FOUND: 404,
  ALREADY_EXISTS: 409,
  ABORTED: 409,
  RESOURCE_EXHAUSTED: 429,
  CANCELLED: 499,
  INTERNAL: 500,
  UNKNOWN: 500,
  UNIMPLEMENTED: 501,
  UNAVAILABLE: 503,
  DEADLINE_EXCEEDED: 504,
} as const;

/** A canonical status. */
export type Status = keyof typeof httpCodes;

/** `google.rpc.Code` of each status, as an operation's `error.code` carries it. */
export const rpcCodes: Record<Status, number> = {
  CANCELLED: 1,
  UNKNOWN: 2,
  INVALID_ARGUMENT: 3,
  DEADLINE_EXCEEDED: 4,
  NOT_FOUND: 5,
  ALREADY_EXISTS: 6,
  PERMISSION_DENIED: 7,
  RESOURCE_EXHAUSTED: 8,
  FAILED_PRECONDITION: 9,
  ABORTED: 10,
  OUT_OF_RANGE: 11,
  UNIMPLEMENTED: 12,
  INTERNAL: 13,
  UNAVAILABLE: 14,
  UNAUTHENTICATED: 16,
};

/** A request that is refused. Thrown by a handler, answered by the server in Google's shape. */
export class GoogleError extends Error {
  override name = 'GoogleError';
  readonly status: Status;
  readonly details: readonly unknown[];

  constructor(status: Status, message: string, details: readonly unknown[] = []) {
    super(message);
    this.status = status;
    this.details = details;
  }

  /** HTTP status code. */
  get code(): number {
    return httpCodes[this.status];
  }

  /** The body of the answer. */
  toJSON(): { error: { code: number; message: string; status: Status; details?: readonly unknown[] } } {
    const { code, message, status, details } = this;
    return { error: { code, message, status, ...(details.length > 0 && { details }) } };
  }
}

/** Answers an error in Google's shape; what is none of its own is an internal one. */
export function answerError(error: unknown): Response {
  // What went wrong inside is for whoever runs the emulator, not for the client.
  if (!(error instanceof GoogleError)) console.error(error);
  const refusal =
    error instanceof GoogleError ? error : new GoogleError('INTERNAL', 'Internal error encountered.');
  return Response.json(refusal, { status: refusal.code });
}
