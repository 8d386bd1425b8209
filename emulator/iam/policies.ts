/** IAM policies of projects, service accounts, jobs and services: kept, given back, and changed under their etags. */
import { join } from 'node:path';
import * as v from 'valibot';
import { GoogleError } from '../errors.ts';
import { Kept } from '../kept.ts';
import { json, readBody } from '../registry/call.ts';

/** A role, and who has it. */
export interface Binding {
  readonly role: string;
  readonly members?: readonly string[];
  readonly condition?: Readonly<Record<string, unknown>>;
}

/** What is kept of a policy. */
interface Stored {
  readonly revision: number;
  readonly policy: { readonly bindings?: readonly Binding[] } & Readonly<Record<string, unknown>>;
}

const Policy = v.strictObject({
  version: v.optional(json.int32),
  bindings: v.optional(
    v.array(
      v.strictObject({
        role: json.string,
        members: v.optional(v.array(json.string), []),
        condition: v.optional(v.record(v.string(), v.unknown())),
      }),
    ),
  ),
  auditConfigs: v.optional(v.array(v.unknown())),
  etag: v.optional(json.string),
});
const SetBody = v.strictObject({
  resource: v.optional(json.string),
  policy: Policy,
  updateMask: v.optional(json.string),
});

/** Canonical base64, since gcloud decodes it and encodes it again; `ACAB` is what an empty policy has. */
function etag(revision: number): string {
  if (revision === 0) return 'ACAB';
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(revision));
  return bytes.toString('base64');
}

/** Policies by the full name of their resource, such as `projects/acme`. */
export class Policies {
  readonly #kept: Kept<Stored>;

  constructor(dataDir: string) {
    this.#kept = new Kept(join(dataDir, 'iam', 'policies.json'));
  }

  /** As the API shows it. */
  get(resource: string): Record<string, unknown> {
    const { policy, revision } = this.#kept.get(resource) ?? { policy: {}, revision: 0 };
    return { version: 1, ...policy, etag: etag(revision) };
  }

  bindings(resource: string): readonly Binding[] {
    return this.#kept.get(resource)?.policy.bindings ?? [];
  }

  /** @throws GoogleError INVALID_ARGUMENT, ABORTED where somebody else was faster */
  set(resource: string, body: unknown): Record<string, unknown> {
    const { policy: sent } = readBody(SetBody, body);
    const revision = this.#kept.get(resource)?.revision ?? 0;
    if (sent.etag && sent.etag !== etag(revision))
      throw new GoogleError(
        'ABORTED',
        'There were concurrent policy changes. Please retry the whole read-modify-write with exponential backoff.',
      );
    const { etag: _, bindings = [], ...rest } = sent;
    const kept = bindings.filter(({ members }) => members.length > 0);
    this.#kept.set(resource, {
      policy: { ...rest, ...(kept.length > 0 && { bindings: kept as readonly Binding[] }) },
      revision: revision + 1,
    });
    return this.get(resource);
  }

  /** What goes with a resource. */
  delete(resource: string): void {
    this.#kept.delete(resource);
  }
}
