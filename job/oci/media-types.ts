/** Media types of manifests and layers, by what has to be done about them. */

const oci = 'application/vnd.oci';
const docker = 'application/vnd.docker';

const indexes: ReadonlySet<string> = new Set([
  `${oci}.image.index.v1+json`,
  `${docker}.distribution.manifest.list.v2+json`,
]);
const schema1: ReadonlySet<string> = new Set([
  `${docker}.distribution.manifest.v1+prettyjws`,
  `${docker}.distribution.manifest.v1+json`,
]);
const configs: ReadonlySet<string> = new Set([
  `${oci}.image.config.v1+json`,
  `${docker}.container.image.v1+json`,
]);

/** Type of an index of OCI. */
export const indexType = `${oci}.image.index.v1+json`;

/**
 * What is asked for: every type of manifest. A registry answers 404 for a manifest of a type that was not asked for,
 * or converts it.
 */
export const manifestTypes: string = [
  `${oci}.image.manifest.v1+json`,
  ...indexes,
  `${oci}.artifact.manifest.v1+json`,
  `${docker}.distribution.manifest.v2+json`,
  ...schema1,
].join(', ');

/** Whether a manifest refers to other manifests. */
export const isIndexType = (type: string): boolean => indexes.has(type);

/** Whether a manifest is of the first schema, whose digest changes with every registry that it passes. */
export const isSchema1 = (type: string): boolean => schema1.has(type);

/** Whether a config is an image's, so that it has a platform. */
export const isImageConfig = (type: string): boolean => configs.has(type);

/** Whether a layer's terms keep it from being passed on. */
export const isForeignType = (type: string): boolean => /\.foreign\.|\.nondistributable\./.test(type);
