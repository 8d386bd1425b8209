/** How a version or tag is named to people. */
import { decodePackage } from '../difference/keep.ts';

/** `team/app@sha256:…` or `team/app:latest`. */
export function nameOf(packageId: string, id: string, sign: '@' | ':' = '@'): string {
  return `${decodePackage(packageId)}${sign}${id}`;
}
