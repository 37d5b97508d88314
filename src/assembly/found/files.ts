/** Files and folders that entities may be made of. */
import { FileNotFound } from '../../ports/filesystem.ts';
import { decodeSegment, sourceSegment } from '../../workspace/names.ts';
import { hasTemplate } from '../../workspace/read/interpolate.ts';
import { endsOf, literally, oneCharacter, type Piece } from '../../workspace/wildcards.ts';
import type { Listing } from './listing.ts';

export interface FromFile {
  readonly name: string;
  /** Its own path below the flow's, where its name alone does not lead there. */
  readonly path: string | null;
  /** What stands there, where neither its name nor a path leads to it. */
  readonly segment: string | null;
}

interface Place {
  /** Absolute, or in a container. */
  readonly folder: string;
  /** What a home's path says from the segment on that holds `{entity}`: `{entity}.parquet`, `raw_{entity}/*.csv`, `{entity}`. */
  readonly pattern: string;
}

const dataFile = /\.(parquet|csv|tsv|json|ndjson|jsonl)(\.(gz|zst))?$/i;

/**
 * The entities whose places are there, by name; a folder and a file may have one name. Hidden ones (`_`, `.`) are skipped, as readers do. One that
 * no path can mean (`a*b.csv` is a pattern) is among them as it is called: that nothing is read there is better told than not.
 */
export async function entitiesFromFiles({ folder, pattern }: Place, files: Listing): Promise<readonly FromFile[]> {
  const [segment = '', ...deeper] = pattern.split('/');
  const entries = (await entriesIn(folder, files)).filter(({ name }) => !/^[._]/.test(name));
  const candidates = segment === '{entity}' && deeper.length === 0 ? entries.flatMap(alone) : matching(entries, segment, deeper);
  return candidates.sort((a, b) => (a.name < b.name ? -1 : 1));
}

type ListedEntry = Awaited<ReturnType<Listing['list']>>[number];

/** Of a path that has no place for the name: the folder of an entity is found by its name; a file has to be named. */
function alone({ name: written, directory }: ListedEntry): readonly FromFile[] {
  if (!directory && !dataFile.test(written)) return [];
  const called = directory ? written : written.replace(dataFile, '');
  const name = entityOf(called);
  if (name === undefined)
    return [{ name: called, ...(isPattern(written) ? { path: null, segment: written } : { path: written, segment: null }) }];
  return [{ name, path: directory ? null : written, segment: null }];
}

/** Many files may be one entity: `{entity}_*.csv`. */
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

/** The name that leads to this segment; undefined: none does. */
export function entityOf(segment: string): string | undefined {
  return [segment, decodeSegment(segment)].find((name) => name !== undefined && name !== '' && sourceSegment(name) === segment);
}

/** What hygge takes for more than the name that it is. Of brackets and question marks, a file of that very name is meant. */
export function isPattern(segment: string): boolean {
  return /[*\\]/.test(segment) || hasTemplate(segment);
}

/**
 * What stands in place of `{entity}` in a name, as long a text as possible; undefined: the name is not like the pattern. What is there under the
 * very name is meant, and only what is not is a pattern: so does a home read its path.
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
