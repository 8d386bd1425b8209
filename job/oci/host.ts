/** Hosts of registries: how each is reached, and which are the same place. */

/** Docker Hub answers under another name than the one that people write. */
const hub = 'registry-1.docker.io';
const hubNames: ReadonlySet<string> = new Set(['docker.io', 'index.docker.io', hub]);

/** Whether a host is this machine: the only one that is spoken to without encryption. */
export function isLoopback(hostname: string): boolean {
  const name = hostname.toLowerCase().replace(/^\[|\]$/g, '');
  return name === 'localhost' || name === '::1' || /^127(?:\.\d{1,3}){3}$/.test(name);
}

/**
 * Where a registry is.
 *
 * @param host `HOST` or `HOST:PORT`
 * @returns `https://HOST[:PORT]`; `http://` on loopback
 */
export function originOf(host: string): string {
  const name = hubNames.has(host) ? hub : host;
  const { hostname } = new URL(`https://${name}`);
  return `${isLoopback(hostname) ? 'http' : 'https'}://${name}`;
}

/** Whether a host is Docker Hub, whose credentials are kept under a URL of its own. */
export function isHub(host: string): boolean {
  return hubNames.has(host);
}

/** Whether a host is Google's: Artifact Registry, or Container Registry's names, which it has taken over. */
export function isGoogleHost(host: string): boolean {
  return /(?:^|\.)(?:pkg\.dev|gcr\.io)$/.test(host);
}

/**
 * Whether a request may go on at another address: encrypted, or to loopback from loopback. Everything else would let
 * a registry lead us to whatever listens in plain text nearby.
 */
export function mayLeadTo(from: URL, to: URL): boolean {
  if (to.protocol === 'https:') return true;
  return to.protocol === 'http:' && from.protocol === 'http:' && isLoopback(to.hostname);
}
