/**
 * One blob from registry to registry, as a stream: each piece is hashed and passed on, and the last is held back
 * until length and digest are right, so that what is wrong is never finished at the destination. Where the source
 * breaks off it goes on from there; what was sent is not sent again.
 */
import type { IncomingMessage } from 'node:http';
import type { Writable } from 'node:stream';
import { retryDelay } from '../registry/retry.ts';
import { ConnectionError } from '../registry/transport.ts';
import { type CallOptions, pause } from './call.ts';
import { digestFrom, hashFor } from './digest.ts';
import type { Descriptor } from './manifest.ts';
import { OciError } from './oci-error.ts';
import type { OciRepository } from './repository.ts';
import { readBody } from './wire.ts';

/** What a transfer needs besides the two repositories. */
export type TransferOptions = Pick<CallOptions, 'clock' | 'retry' | 'random' | 'idle' | 'signal'> & {
  /** Told of bytes that were passed on, less than nothing where some have to be sent again. */
  readonly onBytes?: (bytes: number) => void;
};

/** What became of a blob. */
export type Transferred = 'sent' | 'there';

/** A blob that one reading of the socket holds is passed on whole, without the cost of a stream. */
const onePiece = 64 << 10;

/**
 * Brings a blob over.
 *
 * @param from repositories of the destination's registry that may have it already, asked in this order
 * @throws OciError `malformed` where the source's bytes are not what its manifest says
 */
export async function transferBlob(
  source: OciRepository,
  destination: OciRepository,
  blob: Pick<Descriptor, 'digest' | 'size'>,
  from: string,
  options: TransferOptions,
): Promise<Transferred> {
  const { clock, retry, random, signal } = options;
  for (let attempt = 1; ; attempt++) {
    const start = await destination.startUpload(blob.digest, from);
    if (start.is === 'there') return 'there';
    const sent = { bytes: 0 };
    try {
      const body =
        blob.size <= onePiece
          ? await readSmall(source, blob, options)
          : {
              length: blob.size,
              write: (out: Writable, stop: AbortSignal) =>
                new Passage(source, blob, options, sent).run(out, stop),
            };
      await destination.finishUpload(start.url, blob.digest, body);
      options.onBytes?.(blob.size - sent.bytes);
      return 'sent';
    } catch (error) {
      options.onBytes?.(-sent.bytes);
      const isAgain = attempt < retry.attempts && !signal?.aborted && mayStartAgain(error, attempt);
      if (!isAgain) {
        await destination.cancelUpload(start.url);
        throw error;
      }
      const failure = { is: 'answer', status: 0, said: '', wait: (error as OciError).wait } as const;
      await pause(clock, retryDelay(retry, attempt, failure, random), signal);
    }
  }
}

/** Whether another upload may succeed where one failed. */
function mayStartAgain(error: unknown, attempt: number): boolean {
  if (error instanceof SourceError || !(error instanceof OciError)) return false;
  // The session is gone, as after a restart; or its token was taken back meanwhile.
  if (error.status === 404 || error.status === 416) return attempt < 3;
  if (error.status === 401) return attempt < 2;
  return error.passing;
}

/** What went wrong at the source is no reason to upload again. */
class SourceError extends OciError {}

function atFault(source: OciRepository, { digest }: Pick<Descriptor, 'digest'>, what: string): SourceError {
  return new SourceError(
    'malformed',
    200,
    `the source is at fault: the blob ${source.name}@${digest} ${what}`,
  );
}

function missing(source: OciRepository, { digest }: Pick<Descriptor, 'digest'>): SourceError {
  return new SourceError('not-found', 404, `the source is at fault: it has no blob ${source.name}@${digest}`);
}

async function openAt(source: OciRepository, blob: Pick<Descriptor, 'digest' | 'size'>, offset: number) {
  try {
    const answer = await source.openBlob(blob.digest, offset);
    const { headers, status, body } = answer;
    const length = headers['content-length'];
    const begin = status === 206 ? offset : 0;
    const range = /^bytes (\d+)-/.exec(headers['content-range'] ?? '')?.[1];
    if (length !== undefined && begin + Number(length) !== blob.size) {
      body.destroy();
      throw atFault(source, blob, `has ${begin + Number(length)} bytes, its manifest says ${blob.size}`);
    }
    if (status === 206 && Number(range) !== offset) {
      body.destroy();
      throw atFault(source, blob, 'was asked for from one place and given from another');
    }
    return { ...answer, begin };
  } catch (error) {
    if (error instanceof OciError && error.status === 404) throw missing(source, blob);
    if (error instanceof OciError && !(error instanceof SourceError))
      throw new SourceError(error.kind, error.status, error.message, error);
    throw error;
  }
}

/** A small blob, whole and verified. */
async function readSmall(
  source: OciRepository,
  blob: Pick<Descriptor, 'digest' | 'size'>,
  { clock, retry, random, idle, signal }: TransferOptions,
): Promise<Buffer> {
  for (let attempt = 1; ; attempt++) {
    const answer = await openAt(source, blob, 0);
    try {
      const bytes = await readBody(answer, blob.size, idle);
      if (bytes.length !== blob.size)
        throw atFault(source, blob, `has ${bytes.length} bytes, its manifest says ${blob.size}`);
      const digest = digestFrom(blob.digest, hashFor(blob.digest).update(bytes));
      if (digest !== blob.digest) throw atFault(source, blob, `has the digest ${digest}`);
      return bytes;
    } catch (error) {
      if (error instanceof OciError) throw error;
      if (!(error instanceof ConnectionError))
        throw atFault(source, blob, `has more than ${blob.size} bytes`);
      if (attempt >= retry.attempts) throw brokeOff(source, blob, error, attempt);
      await pause(
        clock,
        retryDelay(retry, attempt, { is: 'connection', sent: true, said: '' }, random),
        signal,
      );
    }
  }
}

function brokeOff(
  source: OciRepository,
  { digest }: Pick<Descriptor, 'digest'>,
  error: Error,
  times: number,
) {
  return new SourceError(
    'unavailable',
    0,
    `cannot read the blob ${source.name}@${digest}: it broke off ${times} times, the last time because ${error.message}`,
  );
}

/** The bytes of one blob on their way. */
class Passage {
  readonly #source: OciRepository;
  readonly #blob: Pick<Descriptor, 'digest' | 'size'>;
  readonly #options: TransferOptions;
  readonly #sent: { bytes: number };
  readonly #hash;
  /** Bytes that have come, the piece that is held back included. */
  #come = 0;
  /** The last piece, until it is known that all before it and itself are right. */
  #held: Buffer | undefined;

  constructor(
    source: OciRepository,
    blob: Pick<Descriptor, 'digest' | 'size'>,
    options: TransferOptions,
    sent: { bytes: number },
  ) {
    this.#source = source;
    this.#blob = blob;
    this.#options = options;
    this.#sent = sent;
    this.#hash = hashFor(blob.digest);
  }

  async run(out: Writable, stop: AbortSignal): Promise<void> {
    const { clock, retry, random, signal } = this.#options;
    const blob = this.#blob;
    for (let failed = 0; this.#come < blob.size || failed === 0; ) {
      stop.throwIfAborted();
      const { body, begin } = await openAt(this.#source, blob, this.#come);
      const before = this.#come;
      try {
        await this.#pass(body, begin, out, stop);
        break;
      } catch (error) {
        if (!(error instanceof ConnectionError) || stop.aborted || signal?.aborted) throw error;
        // One that gives a little each time is not broken, only bad.
        failed = this.#come > before ? 1 : failed + 1;
        if (failed >= retry.attempts) throw brokeOff(this.#source, blob, error, failed);
        await pause(
          clock,
          retryDelay(retry, failed, { is: 'connection', sent: true, said: '' }, random),
          signal,
        );
      }
    }
    if (this.#come !== blob.size)
      throw atFault(this.#source, blob, `has ${this.#come} bytes, its manifest says ${blob.size}`);
    const digest = digestFrom(blob.digest, this.#hash);
    if (digest !== blob.digest) throw atFault(this.#source, blob, `has the digest ${digest}`);
    if (this.#held) this.#write(out, this.#held);
  }

  #write(out: Writable, piece: Buffer): boolean {
    this.#sent.bytes += piece.length;
    this.#options.onBytes?.(piece.length);
    return out.write(piece);
  }

  /** @param begin where the answer begins; what has come already is left out */
  #pass(body: IncomingMessage, begin: number, out: Writable, stop: AbortSignal): Promise<void> {
    const { idle, signal } = this.#options;
    let skip = this.#come - begin;
    return new Promise((resolve, reject) => {
      let isOver = false;
      const end = (error?: Error) => {
        isOver = true;
        clearTimeout(timer);
        stop.removeEventListener('abort', stopped);
        signal?.removeEventListener('abort', aborted);
        out.off('drain', drained);
        if (!error) return resolve();
        body.on('error', () => {});
        body.destroy();
        reject(error);
      };
      const stopped = () => end(stop.reason as Error);
      const aborted = () => end(signal?.reason as Error);
      const drained = () => {
        timer.refresh();
        body.resume();
      };
      const timer = setTimeout(
        () =>
          end(
            body.isPaused()
              ? new OciError('unavailable', 0, `the destination took nothing for ${idle / 1000} s`, {
                  passing: true,
                })
              : new ConnectionError(`nothing came for ${idle / 1000} s`, true),
          ),
        idle,
      );
      // Nobody is told again of what was over before.
      if (stop.aborted) return stopped();
      if (signal?.aborted) return aborted();
      stop.addEventListener('abort', stopped, { once: true });
      signal?.addEventListener('abort', aborted, { once: true });
      out.on('drain', drained);
      body.on('data', (given: Buffer) => {
        // A timer that was cleared would start again.
        if (isOver) return;
        timer.refresh();
        let piece = given;
        if (skip > 0) {
          piece = given.subarray(skip);
          skip = Math.max(0, skip - given.length);
          if (piece.length === 0) return;
        }
        this.#come += piece.length;
        if (this.#come > this.#blob.size) {
          end(
            atFault(
              this.#source,
              this.#blob,
              `has more than the ${this.#blob.size} bytes that its manifest says`,
            ),
          );
          return;
        }
        this.#hash.update(piece);
        const ready = this.#held;
        this.#held = piece;
        if (ready && !this.#write(out, ready)) body.pause();
      });
      body.on('error', (error) => end(new ConnectionError(error.message, true)));
      body.on('aborted', () => end(new ConnectionError('the answer broke off', true)));
      body.on('end', () => end());
    });
  }
}
