/** Manifests of a package of the source: read once, understood, and made into what is put in their place. */
import {
  BadManifest,
  type Content,
  type Manifest,
  type Platform,
  readContent,
  readPlatform,
} from '../oci/manifest.ts';
import { isImageConfig, isSchema1 } from '../oci/media-types.ts';
import { OciError } from '../oci/oci-error.ts';
import type { OciRepository } from '../oci/repository.ts';
import { readBody } from '../oci/wire.ts';
import { platformTest, rewriteIndex, wantedEntries } from './platforms.ts';
import type { Filters } from './request.ts';

/** A manifest, read. */
export interface Loaded {
  readonly manifest: Manifest;
  readonly content: Content;
}

/** Manifests that are kept for whoever asks for them next. */
const keptAtMost = 200;
/** The largest config that is read for its platform, in bytes; real ones have some thousand. */
const configAtMost = 4 << 20;
/** Milliseconds that a server may be silent while it sends one. */
const idle = 60_000;

/** The error for what the source lists and does not have. @param what `team/app:1.0` */
export function missingAt(what: string): OciError {
  return new OciError('not-found', 404, `the source is at fault: it lists ${what} and has no manifest of it`);
}

/** The manifests of one package. */
export class SourceManifests {
  readonly #repository: OciRepository;
  readonly #filters: Filters;
  readonly #isWanted: ((platform: Platform) => boolean) | undefined;
  readonly #loaded = new Map<string, Promise<Loaded>>();

  constructor(repository: OciRepository, filters: Filters) {
    this.#repository = repository;
    this.#filters = filters;
    this.#isWanted = filters.platforms && platformTest(filters.platforms.only);
  }

  /**
   * Reads a manifest; who asks again soon gets the same.
   *
   * @param what it is called in messages
   * @throws OciError where there is none, or it can't be copied
   */
  load(reference: string, what: string): Promise<Loaded> {
    let loading = this.#loaded.get(reference);
    if (!loading) {
      loading = this.#read(reference, what);
      loading.catch(() => this.#loaded.delete(reference));
      this.#loaded.set(reference, loading);
      const oldest = this.#loaded.keys().next().value;
      if (this.#loaded.size > keptAtMost && oldest !== undefined) this.#loaded.delete(oldest);
    }
    return loading;
  }

  async #read(reference: string, what: string): Promise<Loaded> {
    const manifest = await this.#repository.manifest(reference);
    if (!manifest) throw missingAt(what);
    if (isSchema1(manifest.mediaType))
      throw new OciError(
        'refused',
        0,
        `${what} is an image of schema 1 (${manifest.mediaType}), which is not supported: its digest can't be kept. Push it again with a client of today`,
      );
    try {
      return { manifest, content: readContent(manifest) };
    } catch (error) {
      if (!(error instanceof BadManifest)) throw error;
      throw new OciError('malformed', 200, `the source is at fault: ${what}: ${error.message}`);
    }
  }

  /** What is put in place of a manifest: itself, an index of some platforms, or nothing. */
  async transform(loaded: Loaded): Promise<Loaded | undefined> {
    const { manifest, content } = loaded;
    if (!this.#filters.attachments && content.subject !== undefined) return undefined;
    const isWanted = this.#isWanted;
    if (!isWanted) return loaded;
    if (content.children.length === 0) {
      const platform = await this.#platformOf(content);
      return platform && !isWanted(platform) ? undefined : loaded;
    }
    const entries = wantedEntries(content, isWanted);
    if (!entries) return undefined;
    if (!this.#filters.platforms?.rewriteIndex) return loaded;
    const rewritten = rewriteIndex(manifest, entries);
    return rewritten === manifest
      ? loaded
      : { manifest: rewritten, content: { ...content, children: entries } };
  }

  /** The platform of a single image, which stands in its config. */
  async #platformOf({ config }: Content): Promise<Platform | undefined> {
    if (!config || !isImageConfig(config.mediaType)) return undefined;
    const answer = await this.#repository.openBlob(config.digest, 0);
    try {
      return readPlatform(JSON.parse((await readBody(answer, configAtMost, idle)).toString('utf8')));
    } catch {
      throw new OciError(
        'malformed',
        200,
        `the source is at fault: the config ${config.digest} can't be read`,
      );
    }
  }
}
