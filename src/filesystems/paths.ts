import { StoreError } from '../errors/hygge-error.ts';

/** The prefix of names that a filesystem uses itself, for temporary files and locks. Such names are never listed, and are refused in paths. */
export const reservedPrefix = '.hygge-';

/** The maximum length of one name on local disks and in Azure’s hierarchical storage. */
const longestSegmentBytes = 255;

/** Whether a text has control characters, which break listings, logs and shells. */
function hasControl(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x20 || unit === 0x7f) return true;
  }
  return false;
}

function problem(path: string): string | undefined {
  if (path === '') return 'it is empty';
  if (path.startsWith('/')) return 'it is absolute';
  if (hasControl(path)) return 'it contains a control character';
  if (!path.isWellFormed()) return 'it contains half of a surrogate pair';
  for (const segment of path.split('/')) {
    if (segment === '') return 'it has an empty segment';
    if (segment === '.' || segment === '..') return `it has the segment "${segment}"`;
    if (segment.startsWith(reservedPrefix)) return `names that start with "${reservedPrefix}" are hygge's own`;
    const bytes = Buffer.byteLength(segment);
    if (bytes > longestSegmentBytes)
      return `one of its names is ${bytes} bytes long, but the maximum of file systems is ${longestSegmentBytes}`;
  }
  return undefined;
}

/** Throws a StoreError (HYG-4001) unless `path` is relative, `/`-separated, without `.` or `..`, with names that every system allows. */
export function checkPath(path: string): void {
  const why = problem(path);
  if (why === undefined) return;
  throw new StoreError({
    code: 'HYG-4001',
    what: `${JSON.stringify(path)} cannot be the path of a file: ${why}.`,
    tryThis: ['Rename the entity, partition value or file that this path is made from.'],
  });
}

/** Like `checkPath`, for a folder; '' is the root and is allowed. */
export function checkFolder(folder: string): void {
  if (folder !== '') checkPath(folder);
}

/** Compares two paths in the order of listings: by the bytes of the whole path, as in object stores. This order differs from UTF-16 order only for surrogates. */
export function comparePaths(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) return isSurrogate(x) === isSurrogate(y) ? x - y : isSurrogate(x) ? 1 : -1;
  }
  return a.length - b.length;
}

/** Whether a UTF-16 unit is a surrogate. A surrogate stands for a code point that is larger than every single UTF-16 unit. */
function isSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdfff;
}

/** Headers for a page that people open in a browser: its type, and that caches must check for a new version. Undefined: no headers for other files. */
export function contentHeadersFor(path: string): { readonly type: string; readonly cache: string } | undefined {
  return /\.html?$/i.test(path) ? { type: 'text/html; charset=utf-8', cache: 'no-cache' } : undefined;
}

/** The headers of `contentHeadersFor`, in the form of Azure. */
export function blobHeaders(path: string): {
  readonly blobHTTPHeaders?: { readonly blobContentType: string; readonly blobCacheControl: string };
} {
  const served = contentHeadersFor(path);
  return served === undefined ? {} : { blobHTTPHeaders: { blobContentType: served.type, blobCacheControl: served.cache } };
}
