/** IAM policies of repositories: kept and given back, enforced by nobody yet. */
import * as v from 'valibot';
import { GoogleError } from '../errors.ts';
import { type Call, json, readBody, route } from './call.ts';
import { repositoryOf } from './repositories.ts';

const Binding = v.strictObject({
  role: json.string,
  members: v.optional(v.array(json.string), []),
  condition: v.optional(v.record(v.string(), v.unknown())),
});
const SetBody = v.strictObject({
  resource: v.optional(json.string),
  policy: v.strictObject({
    version: v.optional(json.int32),
    bindings: v.optional(v.array(Binding)),
    auditConfigs: v.optional(v.array(v.unknown())),
    etag: v.optional(json.string),
  }),
  updateMask: v.optional(json.string),
});
const TestBody = v.strictObject({
  resource: v.optional(json.string),
  permissions: v.optional(v.array(json.string), []),
});

/** Canonical base64, since gcloud decodes it and encodes it again; `ACAB` is what an empty policy has. */
function etag(revision: number): string {
  if (revision === 0) return 'ACAB';
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(revision));
  return bytes.toString('base64');
}

function get(call: Call) {
  const { content } = repositoryOf(call);
  return { ...content.policy, etag: etag(content.policyRevision) };
}

function set(call: Call) {
  const repository = repositoryOf(call);
  const { policy: sent } = readBody(SetBody, call.body);
  const revision = repository.content.policyRevision;
  if (sent.etag && sent.etag !== etag(revision))
    throw new GoogleError(
      'ABORTED',
      'There were concurrent policy changes. Please retry the whole read-modify-write with exponential backoff.',
    );
  const { etag: _, ...policy } = { version: 1, ...sent };
  repository.record({ is: 'policy', policy, revision: revision + 1 });
  return get(call);
}

function test(call: Call) {
  repositoryOf(call);
  const { permissions } = readBody(TestBody, call.body);
  return permissions.length > 0 ? { permissions } : {};
}

const repository = 'v1/projects/*/locations/*/repositories/*';

/** Routes of policies. */
export const policyRoutes = [
  route(`GET ${repository}:getIamPolicy`, get, ['options.requestedPolicyVersion']),
  route(`POST ${repository}:getIamPolicy`, get),
  route(`POST ${repository}:setIamPolicy`, set),
  route(`POST ${repository}:testIamPermissions`, test),
];
