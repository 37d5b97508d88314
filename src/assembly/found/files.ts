/** Finds files and folders that can be entities. */
import { FileNotFound } from '../../ports/filesystem.ts';
import { decodeSegment, sourceSegment } from '../../workspace/names.ts';
import { hasTemplate } from '../../workspace/read/interpolate.ts';
import { endsOf, literally, oneCharacter, type Piece } from '../../workspace/wildcards.ts';
import type { Listing } from './listing.ts';

export interface FromFile {
  readonly name: string;
  /** The entity’s own path below the flow’s path, if its name alone does not identify its files. */
  readonly path: string | null;
  /** The existing file, if neither the entity’s name nor a path identifies the file. */
  readonly segment: string | null;
}

interface Place {
  /** An absolute path, or a path in a container. */
  readonly folder: string;
  /** A home's path from the segment with `{entity}` on: `{entity}.parquet`, `raw_{entity}/*.csv`, `{entity}`. */
  readonly pattern: string;
}

const dataFile = /\.(parquet|csv|tsv|json|ndjson|jsonl)(\.(gz|zst))?$/i;

/**
 * The entities with existing files or folders, by name. A folder and a file may have the same name. Hidden names (`_`, `.`) are skipped, as readers do. If
 * no path can identify an entity (`a*b.csv` would be read as a pattern), the entity is included under its real name, so that a run reports it.
 */
export async function entitiesFromFiles({ folder, pattern }: Place, files: Listing): Promise<readonly FromFile[]> {
  const [segment = '', ...deeper] = pattern.split('/');
  const entries = (await entriesIn(folder, files)).filter(({ name }) => !/^[._]/.test(name));
  const candidates = segment === '{entity}' && deeper.length === 0 ? entries.flatMap(alone) : matching(entries, segment, deeper);
  return candidates.sort((a, b) => (a.name < b.name ? -1 : 1));
}

type ListedEntry = Awaited<ReturnType<Listing['list']>>[number];

/** For a path without `{entity}`: a folder is found by the entity’s name, but a file must be named. */
function alone({ name: written, directory }: ListedEntry): readonly FromFile[] {
  if (!directory && !dataFile.test(written)) return [];
  const called = directory ? written : written.replace(dataFile, '');
  const name = entityOf(called);
  if (name === undefined)
    return [{ name: called, ...(isPattern(written) ? { path: null, segment: written } : { path: written, segment: null }) }];
  return [{ name, path: directory ? null : written, segment: null }];
}

/** Several files may belong to one entity, as for `{entity}_*.csv`. */
function matching(entries: readonly ListedEntry[], segment: string, deeper: readonly string[]): FromFile[] {
  const nameIn = matcherOf(segment);
  const found = new Map<string, FromFile>();
  for (const { name: written, directory } of entries) {
    const called = nameIn(written) ?? '';
    const fits = deeper.length === 0 ? !directory || !dataFile.test(segment) : directory;
    if (called === '' || !fits) continue;
    const name = entityOf(called);
    found.set(called, { name: name ?? called, path: null, segment: name === undefined ? called : null });
  }
  return [...found.values()];
}

/** The name from which this segment is made; undefined: no name. */
export function entityOf(segment: string): string | undefined {
  return [segment, decodeSegment(segment)].find((name) => name !== undefined && name !== '' && sourceSegment(name) === segment);
}

/** Characters that hygge reads as a pattern. A name with brackets and question marks means the file with exactly that name, if it exists. */
export function isPattern(segment: string): boolean {
  return /[*\\]/.test(segment) || hasTemplate(segment);
}

/**
 * The longest text for `{entity}` in a name; undefined: the name does not match the pattern. If a file has exactly the written name, that file is meant;
 * otherwise the name is a pattern. A home reads its path in the same way.
 */
function matcherOf(segment: string): (name: string) => string | undefined {
  const [first = [], ...others] = segment.split('{entity}').map(piecesOf);
  if (others.length === 0) return () => undefined;
  return (name) => {
    const starts = [...endsOf(first, name, new Set([0]))].sort((a, b) => b - a);
    const isLike = (called: string, end: number) => {
      const rest = others.flatMap((pieces, at) => (at === 0 ? pieces : [literally(called), ...pieces]));
      return endsOf(rest, name, new Set([end])).has(name.length);
    };
    const known = new Map<number, boolean>();
    for (const start of starts)
      for (let end = name.length; end > start; end--) {
        const called = name.slice(start, end);
        const fits = others.length > 1 ? isLike(called, end) : (known.get(end) ?? isLike(called, end));
        known.set(end, fits);
        if (fits) return called;
      }
    return undefined;
  };
}

function piecesOf(pattern: string): readonly Piece[] {
  const parts = pattern.split(/(\{[^{}]*,[^{}]*\}|\[[^[\]]+\]|[*?])/).filter((part) => part !== '');
  return parts.map((part): Piece => {
    if (part === '*') return 'any';
    if (part === '?') return oneCharacter();
    const inside = part.slice(1, -1);
    if (/^\{[^{}]*,[^{}]*\}$/.test(part)) return [part, ...inside.split(',')].flatMap((one) => literally(one));
    if (!/^\[[^[\]]+\]$/.test(part)) return literally(part);
    const [, not = '', ones = ''] = /^([!^]?)(.*)$/su.exec(inside) ?? [];
    return [...literally(part), new RegExp(`[${not && '^'}${ones.replaceAll(/[\\^&~]/g, '\\$&')}]`, 'y')];
  });
}

export async function entriesIn(folder: string, files: Listing) {
  try {
    return await files.list(folder);
  } catch (error) {
    if (error instanceof FileNotFound) return [];
    throw error;
  }
}
