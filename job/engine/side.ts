/** The two sides of a copy, as the engine sees them: what there is, as far as listings tell. */
import type { OciRepository } from '../oci/repository.ts';
import type { Candidate } from './candidate.ts';

/** A package of the source, with what may have to be copied of it. */
export interface SourcePackage {
  /** Path below the place, `team/app`; empty where the place is one repository itself. */
  readonly id: string;
  readonly repository: OciRepository;
  readonly candidates: readonly Candidate[];
  /**
   * Everything that is there is among the candidates of the listing, what is attached to others too. Otherwise it has
   * to be asked for, image by image.
   */
  readonly isWhole: boolean;
}

/** What a manifest is called in messages. @param at `@DIGEST` or `:TAG` */
export function labelOf({ id, repository }: SourcePackage, at: string): string {
  return `${id === '' ? repository.path : id}${at}`;
}

/** Where is copied from. */
export interface Source {
  /**
   * The packages.
   *
   * @param isWanted of a package's id
   * @param isSettled what needs no copy: the listing may forget it at once
   */
  packages(
    isWanted: (id: string) => boolean,
    isSettled: (id: string, candidate: Candidate) => boolean,
  ): AsyncIterable<SourcePackage>;
}

/** A package of the destination. */
export interface DestinationPackage {
  readonly repository: OciRepository;
  /** The digest that a tag is on; undefined: there is no such tag; null: it has to be asked for. */
  tag(tag: string): string | undefined | null;
  /** Whether a manifest is there; undefined: it has to be asked for. */
  has(digest: string): boolean | undefined;
}

/** Where is copied to. */
export interface Destination {
  /** Tags can't be moved: they are not tried. */
  readonly immutableTags: boolean;
  /** What is refused for one package is refused for all: they are one repository. */
  readonly isOne: boolean;
  /** What is known of a package without a request; undefined: nothing. */
  known(id: string): DestinationPackage | undefined;
  /** A package, there or not. */
  open(id: string): Promise<DestinationPackage>;
}
