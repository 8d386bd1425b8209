/** What every emulated service is given. */
import type { Behavior } from './behavior.ts';
import type { Clock } from './clock.ts';
import type { Iam } from './iam/enforce.ts';
import type { Operations } from './operations.ts';

export interface Context {
  readonly clock: Clock;
  /** Folder for what is kept: each service makes one folder of its own in it. */
  readonly dataDir: string;
  readonly operations: Operations;
  readonly behavior: Behavior;
  /**
   * Sends a request to the emulator itself, as if it had come in over HTTP. URLs name the real hosts
   * (`https://artifactregistry.googleapis.com/v1/…`); the path decides.
   */
  readonly dispatch: (request: Request) => Promise<Response>;
  /** Says who may do what; absent where everybody may do everything. */
  readonly iam?: Iam;
}
