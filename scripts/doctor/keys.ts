/** The Cloud KMS key that a follower is to be made with: that it is there, and Artifact Registry may use it. */
import { type RepositoryName, resourceName } from '../../generator/plan.ts';
import { type Api, ApiError } from '../cloud/api.ts';
import { commandLine } from '../cloud/gcloud.ts';
import { type Finding, findings } from './finding.ts';

const role = 'roles/cloudkms.cryptoKeyEncrypterDecrypter';

/** `google.cloud.kms.v1.CryptoKey`, as far as it is looked at. */
interface CryptoKey {
  readonly purpose?: string;
  readonly primary?: { readonly name: string; readonly state?: string };
}

/** @param key full name, in the location of the repository */
export async function checkKey(api: Api, repository: RepositoryName, key: string): Promise<Finding> {
  const { ok, fail, note } = findings('key');
  const use = `${resourceName(repository)} is to be made with ${key}`;
  try {
    const there = await api.find<CryptoKey>('cloudkms', `v1/${key}`);
    if (!there) return fail(`${use}, which does not exist`, await creation(api, key));
    const { purpose = '', primary } = there;
    if (purpose !== 'ENCRYPT_DECRYPT')
      return fail(`${use}, whose purpose is ${purpose}`, 'name a key for encryption in the config');
    if (primary?.state !== 'ENABLED')
      return fail(
        `${use}, whose primary version is ${primary?.state ?? 'missing'}`,
        // One that is destroyed, or to be, cannot be enabled.
        primary?.state === 'DISABLED'
          ? commandLine([
              ...['kms', 'keys', 'versions', 'enable', primary.name.slice(primary.name.lastIndexOf('/') + 1)],
              ...keyFlags(key),
            ])
          : commandLine(['kms', 'keys', 'versions', 'create', ...keyFlags(key), '--primary']),
      );
    const agent = await agentOf(api, repository);
    if (await mayUse(api, key, agent)) return ok(key);
    // As it makes the repository gcloud gives the role, if it may; the key ring or the project may have given it.
    return note(
      `${use}: the policy of the key does not name Artifact Registry's service agent; gcloud gives it ${role} if you may`,
      commandLine([
        ...['kms', 'keys', 'add-iam-policy-binding', ...flags(key)],
        ...[`--member=serviceAccount:${agent}`, `--role=${role}`, '--condition=None'],
      ]),
    );
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return note(`${use}, of which not all could be seen (${error.message})`);
  }
}

/** The commands that make a key, and before it the key ring where there is none. */
async function creation(api: Api, key: string): Promise<string> {
  const create = commandLine(['kms', 'keys', 'create', ...flags(key), '--purpose=encryption']);
  const [ring = ''] = key.split('/cryptoKeys/');
  // Who may see the key alone makes it where somebody else has made the ring.
  const hasRing = await api.find('cloudkms', `v1/${ring}`).then(
    (there) => there !== undefined,
    () => true,
  );
  if (hasRing) return create;
  const [, project, , location, , id = ''] = ring.split('/');
  const place = [`--project=${project}`, `--location=${location}`];
  return `${commandLine(['kms', 'keyrings', 'create', id, ...place])} && ${create}`;
}

/** Whom Artifact Registry encrypts as. https://cloud.google.com/iam/docs/service-agents */
async function agentOf(api: Api, { project }: RepositoryName): Promise<string> {
  const { projectNumber = '' } = await api.get<{ projectNumber?: string }>(
    'cloudresourcemanager',
    `v1/projects/${project}`,
  );
  return `service-${projectNumber}@gcp-sa-artifactregistry.iam.gserviceaccount.com`;
}

async function mayUse(api: Api, key: string, agent: string): Promise<boolean> {
  const { bindings = [] } = await api.get<{
    bindings?: readonly { readonly role: string; readonly members?: readonly string[] }[];
  }>('cloudkms', `v1/${key}:getIamPolicy?options.requestedPolicyVersion=3`);
  return bindings.some((one) => one.role === role && one.members?.includes(`serviceAccount:${agent}`));
}

function flags(key: string): string[] {
  const [, project = '', , location = '', , ring = '', , name = ''] = key.split('/');
  return [name, `--project=${project}`, `--location=${location}`, `--keyring=${ring}`];
}

/** For commands whose own word is a version. */
function keyFlags(key: string): string[] {
  const [name = '', ...others] = flags(key);
  return [`--key=${name}`, ...others];
}
