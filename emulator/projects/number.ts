import { createHash } from 'node:crypto';

/** A project's number: the emulator makes one of the project's id. */
export function projectNumber(project: string): string {
  const digest = createHash('sha256').update(project).digest();
  return String(100_000_000_000 + (digest.readUIntBE(0, 5) % 900_000_000_000));
}
