/** For a home in a folder in which hygge settles rows: only files that the last commit lists are read. */
import { HyggeError } from '../../errors/hygge-error.ts';
import type { FileInfo, FileSystem } from '../../ports/filesystem.ts';
import { retry } from '../../ports/retry.ts';
import { headKinds } from '../store/head/kinds.ts';
import { lastSegment, lineageOf } from '../store/layout.ts';
import { beingFilled } from './errors.ts';

/** One listing of a home. */
export interface HomeListing {
  readonly found: readonly FileInfo[];
  /** The records of hygge that were among the skipped files. */
  readonly records: readonly string[];
}

/** The head of one entity that settles into the folder: its id, its lineages and its files. */
interface Head {
  readonly id: string;
  readonly lineages: readonly string[];
  /** The names of listed files without folders, because a name is used only once. */
  readonly names: readonly string[];
}

interface Heads {
  readonly heads: readonly Head[];
  /** Whether an entity has started to settle here, but none of its commits has ended. */
  readonly begun: boolean;
}

const mostLooks = 5;

/**
 * The listing of a folder without files of unfinished commits. While a commit publishes its files, or after it was killed, a listing shows only
 * some of its files. A listing is complete if the heads are the same before and after it. @param above the folders above, from the inside out.
 * If entities share a store, its records are in such a folder.
 */
export async function settledFiles(
  look: () => Promise<HomeListing>,
  { files, above, written }: { readonly files: FileSystem; readonly above: () => Promise<readonly FileSystem[]>; readonly written: string },
): Promise<readonly FileInfo[]> {
  const first = await look();
  const isOwn = ({ path }: FileInfo) => lineageOf(path) !== undefined;
  if (!first.found.some(isOwn)) return first.found;
  const headsOf = async ({ records }: HomeListing) => {
    const inside = await readHeads(files, records);
    return inside.heads.length > 0 || inside.begun ? inside : readHeadsAbove(await above());
  };
  let before = await headsOf(first);
  for (let looks = 1; looks <= mostLooks; looks++) {
    const now = await look();
    const after = await headsOf(now);
    if (sameHeads(before, after)) return listedOnly(now.found, after, written);
    before = after;
  }
  throw beingFilled(written);
}

function sameHeads(a: Heads, b: Heads): boolean {
  const ids = ({ heads }: Heads) => JSON.stringify(heads.map(({ id }) => id).sort());
  return ids(a) === ids(b);
}

/** The found files, without the files that hygge published with a lineage of a head but that no head lists. Files of other lineages were copied from elsewhere, so they stay although no head lists them. */
function listedOnly(found: readonly FileInfo[], { heads, begun }: Heads, written: string): readonly FileInfo[] {
  const known = new Set(heads.flatMap(({ lineages }) => lineages));
  const names = new Set(heads.flatMap((head) => head.names));
  return found.filter(({ path }) => {
    const lineage = lineageOf(path);
    if (lineage === undefined) return true;
    if (known.has(lineage)) return names.has(lastSegment(path));
    if (begun) throw beingFilled(written);
    return true;
  });
}

/** Matches the records of an entity. Records of mirrored tables are left out, because their heads list numbers. */
const recordOf = /^((?:.*\/)?_hygge\/[^/_][^/]*\/[^/]+)\//;

async function readHeads(files: FileSystem, records: readonly string[]): Promise<Heads> {
  const entities = new Set(records.flatMap((path) => recordOf.exec(path)?.[1] ?? []));
  const found = await Promise.all([...entities].map((folder) => readHead(files, folder)));
  const heads = found.filter((head) => head !== undefined);
  return { heads, begun: heads.length < found.length };
}

async function readHead(files: FileSystem, folder: string): Promise<Head | undefined> {
  for (const kind of headKinds) {
    const head = await retry(() => kind.readIn(files, folder));
    if (!head) continue;
    const { id, lineage, earlier = [], files: listed } = head;
    return { id, lineages: [lineage, ...earlier], names: listed.map(({ name }) => lastSegment(name)) };
  }
  return undefined;
}

/** The heads in the folders above. If hygge has no right to read a folder above, this folder is skipped: the right to a folder often does not include the folders above. */
async function readHeadsAbove(above: readonly FileSystem[]): Promise<Heads> {
  for (const files of above) {
    const records: string[] = [];
    try {
      for await (const { path } of files.list('_hygge')) records.push(path);
    } catch (error) {
      if (error instanceof HyggeError && !error.transient) continue;
      throw error;
    }
    const found = await readHeads(files, records);
    if (found.heads.length > 0) return found;
  }
  return { heads: [], begun: false };
}
