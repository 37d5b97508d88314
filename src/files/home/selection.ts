/** Selects the files that a home reads: one file, all files of a folder, or the files that match a glob. */

import type { AbsentPath } from '../../errors/absent-path.ts';
import { counted } from '../../errors/as-argument.ts';
import { HomeError } from '../../errors/hygge-error.ts';
import type { FileInfo, FileSystem } from '../../ports/filesystem.ts';
import type { OwnNote } from '../../ports/notes.ts';
import { retry } from '../../ports/retry.ts';
import { globMatcher } from '../paths/glob.ts';
import { isHidden } from '../store/layout.ts';
import { isDeltaTable } from './errors.ts';
import { type HomeListing, settledFiles } from './settled-files.ts';

/** The code of the warning about a broken link, which is repeated until a person removes the link. */
export const brokenLinkCode = 'files.broken_link';
export const emptyFileCode = 'files.empty';
/** The codes of warnings that each run repeats until a person removes their cause. */
export const lastingCodes: ReadonlySet<string> = new Set([brokenLinkCode, emptyFileCode]);

export interface Selection {
  /** Whether the config names a single file, and not a folder or a glob. */
  readonly oneFile: boolean;
  files(): Promise<FileInfo[]>;
  /** Notes for the plan about files with hidden names in the last listing. */
  readonly notes: readonly OwnNote[];
  /** Warnings about links to missing files, and about empty files, in the last listing. No rows are read from such files. */
  readonly warnings: readonly OwnNote[];
  /** A path as the user wrote it, for messages. */
  display(path: string): string;
}

const globCharacters = /[*?[{]/;

/**
 * The part of a path before its first glob character, cut at a `/`: the folder to list. `root` itself is never a glob, because it is not from
 * the config.
 */
function staticPrefix(path: string, root: string): { folder: string; glob: string | null } {
  const given = path.startsWith(`${root}/`) ? path.slice(root.length + 1) : path;
  if (!globCharacters.test(given)) return { folder: path, glob: null };
  const segments = path.split('/');
  const own = segments.length - given.split('/').length;
  const first = segments.findIndex((segment, i) => i >= own && globCharacters.test(segment));
  return { folder: segments.slice(0, first).join('/') || '/', glob: segments.slice(first).join('/') };
}

/**
 * Like `staticPrefix`, for a path whose brackets and question marks may belong to names. If a file or folder with exactly this path exists, the path means
 * that file or folder; otherwise the path is a pattern. @param isThere whether a file or a folder has this path.
 */
export async function prefixOf(
  path: string,
  root: string,
  isThere: (path: string) => Promise<boolean>,
): Promise<{ folder: string; glob: string | null }> {
  let { folder, glob } = staticPrefix(path, root);
  while (glob !== null) {
    const [first = '', ...rest] = glob.split('/');
    const named = folder === '' || folder === '/' ? `${folder}${first}` : `${folder}/${first}`;
    // Existence is checked only for segments with brackets or question marks. If segments with a star were also checked, every glob with a star would cost a request.
    if (!/[[?{]/.test(first) || !(await isThere(named))) break;
    const next = rest.findIndex((segment) => globCharacters.test(segment));
    folder = [named, ...rest.slice(0, next < 0 ? rest.length : next)].join('/');
    glob = next < 0 ? null : rest.slice(next).join('/');
  }
  return { folder, glob };
}

/** An example of a name that matches a segment of a glob. For each group or set of characters, the first member is used. */
const nameOf = (segment: string): string =>
  segment
    .replaceAll(/\{([^,}]*)[^}]*\}/g, '$1')
    .replaceAll(/\[!?([^\]])[^\]]*\]/g, '$1')
    .replaceAll(/[*?]+/g, 'x');

/** Selects files of the tree `files`. Paths are relative to the root of the tree. */
export function selectFiles(request: {
  readonly files: FileSystem;
  readonly glob: string | null;
  /** The path of the file, if one file was requested. */
  readonly single: string | null;
  readonly extensions: readonly string[];
  readonly written: string;
  readonly display: (path: string) => string;
  /** A listing of all files that has already started. The first selection uses it. */
  readonly listing?: AsyncIterable<FileInfo> | undefined;
  /** The folders above `files`, from the inside out. */
  readonly above?: () => Promise<readonly FileSystem[]>;
  /** Called if no file is found; returns how far the path exists. Undefined: the path exists, or this is unknown. */
  readonly absent?: () => Promise<AbsentPath | undefined>;
}): Selection {
  const { files, glob, single, extensions, written, above = async () => [], absent = async () => undefined } = request;
  let { listing } = request;
  let passedOver: readonly string[] = [];
  let broken: readonly string[] = [];
  const isAsked =
    glob === null ? (path: string) => extensions.some((extension) => path.toLowerCase().endsWith(extension)) : globMatcher(glob);
  /** Whether a path may be a folder in which the requested files were: true if its name has no file extension. */
  const mayHaveHeld = (path: string): boolean => {
    if (/\.[a-z][a-z\d]{0,6}$/i.test(path)) return false;
    if (glob === null) return true;
    const segments = glob.split('/').map(nameOf);
    return segments.some((_, at) => isAsked([path, ...segments.slice(at)].join('/')));
  };
  return {
    // If the file does not exist, its path is searched as a folder.
    oneFile: single !== null || (glob === null && extensions.some((extension) => written.toLowerCase().endsWith(extension))),
    display: request.display,
    get notes(): readonly OwnNote[] {
      return noteOnPaths(
        'files.passed_over',
        passedOver.map((path) => request.display(path)),
        (are) => `${are} skipped: readers treat names that begin with _ or . as hidden`,
      );
    },
    get warnings(): readonly OwnNote[] {
      const says = (are: string, of: number) =>
        `${are} ${of === 1 ? 'a link' : 'links'} to a missing file, so no row is read from there: restore the file, or remove the link`;
      return noteOnPaths(
        brokenLinkCode,
        broken.map((path) => request.display(path)),
        says,
      );
    },
    async files() {
      if (single !== null) return [await oneFile(files, single, written)];
      let beside: Beside = { hidden: 0, others: new Map() };
      const look = async (): Promise<HomeListing> => {
        const found: FileInfo[] = [];
        const unread: string[] = [];
        const records: string[] = [];
        let hidden = 0;
        const others = new Map<string, number>();
        const leadingNowhere: string[] = [];
        const tables = new Set<string>();
        const brokenLink = (path: string): void => {
          if (!isHidden('', path) && (isAsked(path) || mayHaveHeld(path))) leadingNowhere.push(path);
        };
        const listed = listing ?? files.list('', brokenLink);
        listing = undefined;
        for await (const file of listed) {
          if (isHidden('', file.path)) {
            hidden++;
            const table = /^(.*?)_delta_log\/\d{20}\./.exec(file.path)?.[1];
            if (table === '' || table?.endsWith('/')) tables.add(table);
            if (/(^|\/)_hygge\//.test(file.path)) records.push(file.path);
            else if (!/(^|\/)_delta_log\//.test(file.path) && isAsked(file.path)) unread.push(file.path);
          } else if (isAsked(file.path)) found.push(file);
          else countKind(others, file.path);
        }
        const table = [...tables].find((folder) => found.some(({ path }) => path.startsWith(folder)));
        if (table !== undefined) throw isDeltaTable(written, table === '' ? written : request.display(table.slice(0, -1)));
        passedOver = unread;
        broken = leadingNowhere;
        beside = { hidden, others };
        return { found, records };
      };
      const found = await settledFiles(look, { files, above, written });
      if (found.length > 0) return [...found];
      const isEmpty = beside.hidden === 0 && beside.others.size === 0;
      throw nothingThere(written, { extensions, beside, glob, absent: isEmpty ? await absent() : undefined });
    },
  };
}

/** One note for all paths, with the name of the first path. No paths: no note. @param says makes the sentence; its subject already ends in `is` or `are`. */
export function noteOnPaths(
  code: OwnNote['code'],
  [first, ...others]: readonly string[],
  says: (are: string, of: number) => string,
): readonly OwnNote[] {
  if (first === undefined) return [];
  const more = others.length;
  return [{ code, params: { first, more }, text: says(more === 0 ? `${first} is` : `${first} and ${more} more are`, more + 1) }];
}

async function oneFile(files: FileSystem, path: string, written: string): Promise<FileInfo> {
  const info = await retry(() => files.stat(path));
  if (!info) throw nothingThere(written, { extensions: [], beside: { hidden: 0, others: new Map() }, glob: null, absent: undefined });
  return info;
}

/** Matches names of files whose format hygge can read, to suggest this format. A folder of CSV files is read as CSV only if the config says so. */
const readable = /(\.(?:csv|tsv|txt|ndjson|jsonl|json|parquet))(?:\.(?:gz|zst))?$/i;

function countKind(kinds: Map<string, number>, path: string): void {
  const kind = readable.exec(path)?.[0].toLowerCase();
  if (kind !== undefined) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
}

interface Beside {
  /** The number of files that readers treat as hidden. */
  readonly hidden: number;
  /** The number of files of other formats, by file extension. */
  readonly others: ReadonlyMap<string, number>;
}

interface NoFilesFound {
  readonly extensions: readonly string[];
  readonly beside: Beside;
  readonly glob: string | null;
  readonly absent: AbsentPath | undefined;
}

function nothingThere(written: string, { extensions, beside: { hidden, others }, glob, absent }: NoFilesFound): HomeError {
  const [most] = [...others].sort(([, a], [, b]) => b - a);
  const pattern = most === undefined || /[*?[{]/.test(written) ? undefined : `${written.replace(/\/+$/, '')}/*${most[0]}`;
  const isRelative = !/^(\/|[a-z]:|[a-z][a-z0-9+.-]*:\/\/)/i.test(written);
  return new HomeError({
    code: 'HYG-3201',
    what: `There is nothing to read at ${written}.`,
    why: [
      absent?.why ??
        (extensions.length === 0
          ? 'No such file.'
          : glob === null
            ? `No ${extensions.join(', ')} file is there.`
            : 'No file matches the pattern.'),
      ...(most === undefined ? [] : [`The existing files: ${[...others].map(([kind, n]) => `${n} ${kind}`).join(', ')}.`]),
      ...(hidden > 0
        ? [`${counted(hidden, 'file')} whose path starts with _ or . ${hidden === 1 ? 'was' : 'were'} skipped, as readers do.`]
        : []),
    ],
    tryThis: [
      ...(absent?.meant === undefined ? [] : [`Did you mean ${absent.meant}${glob !== null && absent.isWhole ? `/${glob}` : ''}?`]),
      ...(pattern === undefined
        ? []
        : [
            `To read these files, use their extension: path: ${pattern}${/\.txt/.test(pattern) ? ', and set their format: format: csv' : ''}`,
          ]),
      isRelative ? 'Check the path. A relative path begins at the folder of hygge.yml' : 'Check the path',
      'An empty source needs a file without rows that shows its columns',
    ],
  });
}
