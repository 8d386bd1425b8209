/**
 * Whether Artifact Registry may encrypt a repository with a key. What it answers where it may not is documented
 * nowhere: it is taken to refuse the repository with 400 and the reason.
 */
import { GoogleError } from '../errors.ts';
import type { Iam } from '../iam/enforce.ts';
import { projectNumber } from '../projects/number.ts';
import type { Keys } from './keys.ts';

/**
 * @param iam absent where everybody may do everything
 * @param place of the repository
 * @throws GoogleError INVALID_ARGUMENT, FAILED_PRECONDITION
 */
export function checkUse(
  keys: Keys,
  iam: Iam | undefined,
  name: string,
  { project = '', location = '' }: Readonly<Record<string, string | undefined>>,
): void {
  const of = /^projects\/[^/]+\/locations\/([^/]+)\/keyRings\/[^/]+\/cryptoKeys\/[^/]+$/.exec(name)?.[1];
  if (of === undefined)
    throw new GoogleError('INVALID_ARGUMENT', `"${name}" is not the name of a Cloud KMS key.`);
  if (of !== location)
    throw new GoogleError(
      'INVALID_ARGUMENT',
      `The Cloud KMS key is in ${of}; the key of a repository must be in the repository's location, ${location}.`,
    );
  const { purpose } = keys.get(name);
  if (purpose !== 'ENCRYPT_DECRYPT')
    throw new GoogleError('INVALID_ARGUMENT', `The purpose of ${name} is ${purpose}, not ENCRYPT_DECRYPT.`);
  const agent = `service-${projectNumber(project)}@gcp-sa-artifactregistry.iam.gserviceaccount.com`;
  if (iam && !iam.has(agent, 'cloudkms.cryptoKeyVersions.useToEncrypt', name))
    throw new GoogleError(
      'FAILED_PRECONDITION',
      `The service account ${agent} lacks permission 'cloudkms.cryptoKeyVersions.useToEncrypt' on ${name}.`,
    );
}
