/** Files and folders that entities may be made of. */
import { FileNotFound } from '../../ports/filesystem.ts';
import { decodeSegment, sourceSegment } from '../../workspace/names.ts';
import type { Listing } from './listing.ts';

export interface FromFile {
  readonly name: string;
  /** Its own path below the flow's, where its name alone does not lead there. */
  readonly path: string | null;
}

interface Place {
  /** Absolute, or in a container. */
  readonly folder: string;
  /** What a home's path says from the segment on that holds `{entity}`: `{entity}.parquet`, `raw_{entity}/*.csv`, `{entity}`. */
  readonly pattern: string;
}

const dataFile = /\.(parquet|csv|tsv|json|ndjson|jsonl)(\.(gz|zst))?$/i;

/** The entities whose places are there, by name; a folder and a file may have one name. Hidden ones (`_`, `.`) are passed over, as readers do. */
export async function filesFound({ folder, pattern }: Place, files: Listing): Promise<readonly FromFile[]> {
  const [segment = '', ...deeper] = pattern.split('/');
  const isAlone = segment === '{entity}' && deeper.length === 0;
  const matcher = matcherOf(segment);
  const candidates = (await entriesIn(folder, files))
    .filter(({ name }) => !/^[._]/.test(name))
    .flatMap(({ name: written, directory }): FromFile[] => {
      if (isAlone) {
        // The folder of an entity is found by its name; a file has to be named.
        if (!directory && !dataFile.test(written)) return [];
        const name = entityOf(directory ? written : written.replace(dataFile, ''));
        return name === undefined ? [] : [{ name, path: directory ? null : written }];
      }
      const name = entityOf(matcher.exec(written)?.[1] ?? '');
      const fits = deeper.length === 0 ? !directory || !dataFile.test(segment) : directory;
      return name === undefined || !fits ? [] : [{ name, path: null }];
    });
  return candidates.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The name that leads to this segment; undefined: none does. */
export function entityOf(segment: string): string | undefined {
  if (segment === '') return undefined;
  return [segment, decodeSegment(segment)].find((name) => name !== undefined && sourceSegment(name) === segment);
}

function matcherOf(segment: string): RegExp {
  const escaped = segment
    .replaceAll(/[.+^$()|[\]\\]/g, '\\$&')
    .replace('{entity}', '\u0000')
    .replaceAll('*', '.*')
    .replaceAll('?', '.')
    .replace('\u0000', '(.+)');
  return new RegExp(`^${escaped}$`, 'u');
}

async function entriesIn(folder: string, files: Listing) {
  try {
    return await files.list(folder);
  } catch (error) {
    if (error instanceof FileNotFound) return [];
    throw error;
  }
}
