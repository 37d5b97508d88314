import type { Remote } from '../../engine/contracts/connector.ts';
import type { Place } from './side.ts';

/** Of a side that is remote. One container in two spellings, or by two services for the same files, is one root; who signs in is none of it. */
export function placeOf(type: string, remote: Remote | undefined, config: unknown): Place | undefined {
  const { path, endpoint } = config as { readonly path?: unknown; readonly endpoint?: unknown };
  if (remote === undefined || typeof path !== 'string') return undefined;
  const shown = remote.url(config);
  // The address of a server under a name of its own is not known for one of the system's; then the container's stands for all keys.
  const located = remote.locate(shown) ?? { keys: { url: remote.url({ ...(config as object), path: '' }) }, path };
  const names = [...Object.values(located.keys), ...(typeof endpoint === 'string' ? [endpoint] : [])].map(plain).sort();
  const isWhole = names.some((name) => /^https?:/.test(name));
  return { root: JSON.stringify([isWhole ? '' : type, ...names]), path: `/${located.path}`, shown };
}

function plain(name: string): string {
  return name
    .toLowerCase()
    .replace(/\/+$/, '')
    .replace(/^(https?:\/\/[^/]+)\.blob\./, '$1.dfs.');
}

/** What names a folder among all containers and disks. */
export function keyOf({ root, path }: Omit<Place, 'shown'>): string {
  return `${root}\u0000${path}`;
}
