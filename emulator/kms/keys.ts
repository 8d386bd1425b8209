/** Key rings and keys of Cloud KMS, as far as a repository is encrypted with one: no bytes are. */
import { join } from 'node:path';
import type { Context } from '../context.ts';
import { GoogleError } from '../errors.ts';
import { Kept } from '../kept.ts';
import { listPage, type RestCall, type RestRoute, restRoute } from '../rest.ts';

/** `google.cloud.kms.v1.KeyRing`, as JSON. */
interface KeyRing extends Record<string, unknown> {
  /** `projects/P/locations/L/keyRings/R` */
  readonly name: string;
  readonly createTime: string;
}

/** `google.cloud.kms.v1.CryptoKey`, as JSON. */
interface CryptoKey extends KeyRing {
  readonly purpose: string;
  /** The version that encrypts; keys of other purposes have none. */
  readonly primary?: { readonly name: string; readonly state: string };
}

const symmetric = 'ENCRYPT_DECRYPT';
const purposes = [symmetric, 'ASYMMETRIC_SIGN', 'ASYMMETRIC_DECRYPT', 'RAW_ENCRYPT_DECRYPT', 'MAC'];
const id = /^[a-zA-Z0-9_-]{1,63}$/;

/** The keys of all projects. A key is never deleted, only its versions are, which nothing here asks for. */
export class Keys {
  readonly #context: Context;
  readonly #rings: Kept<KeyRing>;
  readonly #keys: Kept<CryptoKey>;

  constructor(context: Context) {
    this.#context = context;
    this.#rings = new Kept(join(context.dataDir, 'kms', 'key-rings.json'));
    this.#keys = new Kept(join(context.dataDir, 'kms', 'crypto-keys.json'));
  }

  /**
   * @param name `projects/P/locations/L/keyRings/R/cryptoKeys/K`
   * @throws GoogleError NOT_FOUND
   */
  get(name: string): CryptoKey {
    const key = this.#keys.get(name);
    if (key) return key;
    throw new GoogleError('NOT_FOUND', `CryptoKey ${name} not found.`);
  }

  /** Routes of both resources, without their policies. */
  routes(): RestRoute[] {
    const rings = '/v1/projects/*/locations/*/keyRings';
    const keys = `${rings}/*/cryptoKeys` as const;
    return [
      restRoute(`POST ${rings}`, (call) => this.#createRing(call)),
      restRoute(`GET ${rings}/*`, ({ ids }) => this.#ring(ringName(ids))),
      restRoute(`POST ${keys}`, (call) => this.#createKey(call)),
      restRoute(`GET ${keys}`, ({ ids, query }) =>
        listPage('cryptoKeys', this.#keys.below(`${this.#ring(ringName(ids)).name}/`), query),
      ),
      restRoute(`GET ${keys}/*`, ({ ids }) => this.get(keyName(ids))),
    ];
  }

  #ring(name: string): KeyRing {
    const ring = this.#rings.get(name);
    if (ring) return ring;
    throw new GoogleError('NOT_FOUND', `KeyRing ${name} not found.`);
  }

  #createRing({ ids, query }: RestCall): KeyRing {
    const name = ringName([...ids, checkedId(query.get('keyRingId'))]);
    if (this.#rings.get(name)) throw new GoogleError('ALREADY_EXISTS', `KeyRing ${name} already exists.`);
    const ring = { name, createTime: this.#now() };
    this.#rings.set(name, ring);
    return ring;
  }

  #createKey({ ids, query, body }: RestCall): CryptoKey {
    const name = keyName([...ids, checkedId(query.get('cryptoKeyId'))]);
    this.#ring(ringName(ids));
    if (this.#keys.get(name)) throw new GoogleError('ALREADY_EXISTS', `CryptoKey ${name} already exists.`);
    const { purpose } = body;
    if (typeof purpose !== 'string' || !purposes.includes(purpose))
      throw new GoogleError('INVALID_ARGUMENT', `CryptoKey.purpose must be one of ${purposes.join(', ')}.`);
    const key: CryptoKey = {
      name,
      createTime: this.#now(),
      purpose,
      ...(purpose === symmetric && { primary: { name: `${name}/cryptoKeyVersions/1`, state: 'ENABLED' } }),
    };
    this.#keys.set(name, key);
    return key;
  }

  #now(): string {
    return new Date(this.#context.clock.now()).toISOString();
  }
}

/** The full name of a key, of its ids. */
export function keyName([project, location, ring, key]: readonly string[]): string {
  return `${ringName([project ?? '', location ?? '', ring ?? ''])}/cryptoKeys/${key}`;
}

function ringName([project, location, ring]: readonly string[]): string {
  return `projects/${project}/locations/${location}/keyRings/${ring}`;
}

function checkedId(given: string | null): string {
  if (given !== null && id.test(given)) return given;
  throw new GoogleError(
    'INVALID_ARGUMENT',
    `Invalid id '${given ?? ''}': 1 to 63 letters, digits, underscores and hyphens.`,
  );
}
