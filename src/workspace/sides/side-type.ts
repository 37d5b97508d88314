import type { Connector, FormatName } from '../../engine/contracts/connector.ts';
import type { SystemTexts } from '../read/manifests.ts';
import { entry, type MapNode, type Scalar, textAt } from '../yaml/tree.ts';
import { isUrl, joinPaths, type PathPieces } from './paths.ts';

/** The available connectors; in the product, the connectors of the registry. */
export interface Connectors {
  types(): readonly string[];
  find(type: string): Promise<Connector | undefined>;
  /** The manifests; absent: no manifests. */
  readonly systems?: SystemTexts;
}

export async function everyConnector(connectors: Connectors): Promise<readonly Connector[]> {
  const found = await Promise.all(connectors.types().map((type) => connectors.find(type)));
  return [...new Set(found.filter((one) => one !== undefined))];
}

/** The types that `typeOf` must know. All connectors are loaded and tried only if the type must be found by a URL or a file ending. */
export async function connectorsFor(
  tree: MapNode,
  { flow, own, override }: PathPieces,
  connectors: Connectors,
): Promise<readonly Connector[]> {
  const path = entry(tree, 'path')?.value;
  const texts = [path?.kind === 'scalar' ? path : undefined, flow, own, override].flatMap((one) => one?.text ?? []);
  const says = (text: string) => isUrl(text) || (!tree.entries.has('type') && /\.[a-z0-9]+$/i.test(text));
  return texts.some(says) ? everyConnector(connectors) : [];
}

/** The forms of URLs of a type; empty: the type has no known URLs. */
export function formsOf(type: string, known: readonly Connector[]): readonly string[] {
  return known.find(({ id }) => id === type)?.addresses?.forms ?? [];
}

/**
 * The value of `type:`, or the type that the path's scheme or extension shows; `local` if neither shows a type. A value that is not text is rejected by the
 * caller. @param pieces the scheme comes from the path to which the other paths are joined.
 */
export function typeOf(tree: MapNode, pieces: PathPieces, known: readonly Connector[]): Pick<Scalar, 'value' | 'text' | 'shown' | 'spot'> {
  const held = entry(tree, 'type');
  const path = entry(tree, 'path');
  const written = path?.value.kind === 'scalar' ? path.value : undefined;
  const joined = written && joinPaths(pieces);
  const ofUrl = written && ((joined && typeOfUrl(joined.text, known)) ?? typeOfUrl(written.text, known));
  // A type from `defaults` is dropped if the path is a URL of another type.
  const givesWay = held?.weight === 'default' && path?.weight !== 'default' && ofUrl !== undefined;
  if (held !== undefined && !givesWay)
    return held.value.kind === 'scalar' ? held.value : { value: null, text: '', shown: '', spot: held.value.spot };
  return written === undefined ? textAt(tree.spot, 'local') : textAt(written.spot, ofUrl ?? byEnding(written.text, known));
}

/** A file format that was written instead of a type. */
export function formatNamed(type: string, known: readonly Connector[]): string | undefined {
  const formats = known.flatMap(({ formats = [] }) => formats);
  return formats.find(({ id, extensions }) => id === type.toLowerCase() || extensions.includes(type.toLowerCase()))?.id;
}

/** The extension in small letters, for a compressed file the inner extension; '': the path has no extension. */
export function extensionOf(path: string): string {
  return /\.([a-z0-9]+)(?:\.(?:gz|zst))?$/i.exec(path)?.[1]?.toLowerCase() ?? '';
}

/** The format of a path's extension, also for a compressed file; the first format if the path has no extension. */
export function formatOf(path: string, formats: readonly FormatName[]): string | undefined {
  const extension = extensionOf(path);
  return (formats.find(({ extensions }) => extensions.includes(extension)) ?? formats[0])?.id;
}

/** The connector type of a URL, or the scheme of a URL that no connector knows; undefined: the text is not a URL. */
export function typeOfUrl(path: string, known: readonly Connector[]): string | undefined {
  if (!isUrl(path)) return undefined;
  const [, written = '', authority = '', inside = ''] = /^([a-z][a-z0-9+.-]+):\/\/([^/]*)(.*)$/is.exec(path) ?? [];
  const [scheme, host] = [written.toLowerCase(), authority.replace(/:\d*$/, '')];
  const ranked = known
    .map(({ id, addresses }) => {
      const isHost = addresses?.hosts?.some((hosts) => hosts.test(host)) ?? false;
      const rank = (addresses?.schemes.includes(scheme) ? 2 : 0) + (isHost ? 1 : 0);
      if (addresses?.paths === undefined) return { id, rank };
      return { id, rank: rank > 0 && addresses.paths.some((paths) => paths.test(inside)) ? rank + 0.5 : 0 };
    })
    .sort((a, b) => b.rank - a.rank);
  const [best] = ranked;
  return best !== undefined && best.rank > 0 ? best.id : scheme;
}

/** The extensions of database files without a connector. Such a file must not be read as a folder of files. */
const otherDatabases = ['sqlite'];

function byEnding(path: string, known: readonly Connector[]): string {
  const extension = /\.([a-z0-9]+)$/i.exec(path)?.[1]?.toLowerCase() ?? '';
  const its = known.find(({ addresses }) => addresses?.extensions?.includes(extension));
  return its?.id ?? (otherDatabases.includes(extension) ? extension : 'local');
}
