/**
 * The place of a file of a table. `add.path` is the URI of a file, relative to the table's folder or absolute.
 *
 * | the path has                                        | so |
 * | --------------------------------------------------- | --------------------------------------------------------------------------- |
 * | `%20`                                               | the path is decoded once; the name of a folder may itself be `a%2Fb` |
 * | a character that a URI may not have, e.g. a blank   | the character is kept; no other meaning is possible |
 * | a `%` without two hexadecimal digits, or no UTF-8   | refused |
 * | `?` or `#` that is not encoded                      | refused: by the rules of URIs, the name would end before it |
 * | `.`, `..`                                           | followed; a path that leaves the table's folder that way is refused |
 * | an absolute URI in the same account and container   | read at this URI; inside of the table’s folder, the URI is a path of the table |
 * | another host, account, container or scheme          | refused: a log must not choose who receives our rights |
 */
import type { HomeError } from '../../errors/hygge-error.ts';
import { deltaError } from './errors.ts';

/** The place of a file. `path` has no `.`, `..` or empty segments, and no percent-encoding of URIs. */
export type PlaceOfFile =
  /** A path relative to the table’s folder. */
  | { readonly within: 'table'; readonly path: string }
  /** A path relative to the root of the table’s container or bucket, or of the local disk. */
  | { readonly within: 'container'; readonly path: string };

/**
 * @param tableUrl the URL of the table's folder, as a FileSystem shows it: only the URL of a local disk is percent-encoded.
 * @param path as written in the log.
 * Throws HYG-3710.
 */
export function resolvePath(tableUrl: string, path: string): PlaceOfFile {
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(path)?.[1]?.toLowerCase();
  if (scheme === undefined && !path.startsWith('/')) {
    const segments = followed(decoded(path, tableUrl), tableUrl, path);
    return { within: 'table', path: segments.join('/') };
  }
  const table = locationOf(tableUrl);
  if (table === undefined) throw outside(tableUrl, path, 'hygge can’t parse the address of the table itself.');
  const file = scheme === undefined ? absolute(table, path, tableUrl) : locationOf(path);
  if (file === undefined) throw outside(tableUrl, path, `hygge does not read files from ${scheme}: addresses.`);
  if (file.container !== table.container) throw outside(tableUrl, path, 'The file is in another account or container than the table.');
  const segments = followed(decoded(file.path, tableUrl), tableUrl, path);
  const folder = table.isEncoded
    ? followed(decoded(table.path, tableUrl), tableUrl, path)
    : table.path.split('/').filter((one) => one !== '');
  const isInside = segments.length > folder.length && folder.every((segment, at) => segments[at] === segment);
  return isInside ? { within: 'table', path: segments.slice(folder.length).join('/') } : { within: 'container', path: segments.join('/') };
}

interface Location {
  /** The container, as the same text for all of its addresses. */
  readonly container: string;
  readonly path: string;
  /** Whether the address is percent-encoded. A FileSystem shows only the addresses of a local disk like this. */
  readonly isEncoded: boolean;
}

/** The location of an absolute path. `/data/x.parquet` is only allowed on a local disk: elsewhere, its container would depend on the writer’s settings. */
function absolute(table: Location, path: string, tableUrl: string): Location {
  if (path.startsWith('//')) throw outside(tableUrl, path, 'The path names a host.');
  if (table.container !== 'file') throw outside(tableUrl, path, 'The path names no container.');
  return { ...table, path };
}

/** The container and the path of an address. Undefined: the system of the address has no tables, or the address contains a user or a port. */
function locationOf(url: string): Location | undefined {
  const file = /^file:(?:\/\/(?:localhost)?)?(\/(?!\/).*)$/is.exec(url);
  if (file) return { container: 'file', path: file[1] ?? '', isEncoded: true };
  const azure = /^(?:abfss?|wasbs?):\/\/([^@/?#]+)@([^/?#@]+)(?:\/(.*))?$/is.exec(url);
  if (azure) return azureLocation(azure[2] ?? '', azure[1] ?? '', azure[3] ?? '', false);
  const https = /^https?:\/\/([^/?#@]+)\/([^/?#]+)(?:\/(.*))?$/is.exec(url);
  if (https) return azureLocation(https[1] ?? '', https[2] ?? '', https[3] ?? '', false);
  const bucket = /^(s3[an]?|gs):\/\/([^/?#@]+)(?:\/(.*))?$/is.exec(url);
  if (!bucket) return undefined;
  const scheme = bucket[1]?.toLowerCase() === 'gs' ? 'gs' : 's3';
  return { container: `${scheme} ${bucket[2]}`, path: bucket[3] ?? '', isEncoded: false };
}

/** A location in a storage account. Its two addresses, `.blob.` and `.dfs.`, count as one account. */
function azureLocation(host: string, container: string, path: string, isEncoded: boolean): Location {
  const account = host.toLowerCase().replace(/^([^.]+)\.(?:blob|dfs)\./, '$1.*.');
  return { container: `azure ${account} ${container.toLowerCase()}`, path, isEncoded };
}

function decoded(path: string, tableUrl: string): string {
  if (/[?#]/.test(path)) throw outside(tableUrl, path, 'The path has a ? or # that is not encoded.');
  try {
    return decodeURIComponent(path);
  } catch {
    throw outside(tableUrl, path, 'The path has a % without an encoded UTF-8 character after it.');
  }
}

function followed(path: string, tableUrl: string, asWritten: string): readonly string[] {
  if (path.includes('\0')) throw outside(tableUrl, asWritten, 'The path has a NUL character.');
  const segments: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '' || segment === '.') continue;
    // On Windows, a backslash also separates segments.
    if (segment !== '..' && segment.split('\\').includes('..'))
      throw outside(tableUrl, asWritten, 'The path leaves its folder by a backslash.');
    if (segment !== '..') segments.push(segment);
    else if (segments.pop() === undefined) throw outside(tableUrl, asWritten, 'The path leaves the folder of the table by `..`.');
  }
  if (segments.length === 0 || path.endsWith('/')) throw outside(tableUrl, asWritten, 'The path names no file.');
  return segments;
}

function outside(tableUrl: string, path: string, why: string): HomeError {
  return deltaError('HYG-3710', `A file of the Delta table ${tableUrl} is in a place that hygge does not read: ${JSON.stringify(path)}.`, {
    why: [why],
  });
}
