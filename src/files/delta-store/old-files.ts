/**
 * Data files that the entity published and later removed from the table, and the files of its change feed. Readers of earlier versions may need these files for the time of the
 * table’s `delta.deletedFileRetentionDuration`, by the clock of the storage. After this time `hygge compact` deletes the files. Files that another program wrote or removed last
 * stay, and the log stays too.
 */
import { Actions, readJsonFile } from '../../delta/log/actions.ts';
import { retentionMs } from '../../delta/log/intervals.ts';
import { type LogFiles, listLog } from '../../delta/log/listing.ts';
import type { FileInfo, FileSystem } from '../../ports/filesystem.ts';
import { mapConcurrent } from '../../ports/map-concurrent.ts';
import { retry } from '../../ports/retry.ts';
import { type FilePlace, partOwner, recordsFolder } from '../store/layout.ts';
import { nameIn } from './active.ts';
import type { TableAt } from './head.ts';

export interface OldFilesRequest {
  readonly files: FileSystem;
  readonly log: LogFiles;
  readonly place: FilePlace;
  readonly table: TableAt;
  /** The prefix of the names of the entity's transactions. */
  readonly application: string;
  readonly lineages: ReadonlySet<string>;
  /** Milliseconds since 1970, by the storage's clock. */
  readonly at: number;
}

export interface OldFiles {
  /** Files whose retention has ended. */
  readonly over: readonly FileInfo[];
  /** Files that stay, because readers of earlier versions may still need them. */
  readonly kept: readonly FileInfo[];
  /** Once the files of `over` are deleted, no file that an entry up to this version removed is left. -1: no such entry. */
  readonly through: number;
}

interface Removal {
  readonly isOwn: boolean;
  /** When the entry was written. */
  readonly at: number;
}

export async function oldFiles(request: OldFilesRequest): Promise<OldFiles> {
  const { files, log, place, table, at } = request;
  const before = at - retentionMs(table.snapshot.metadata.configuration);
  const { commits } = await listLog(log);
  const done = await throughIn(files, place);
  const wanted = [...commits].filter(([version]) => version > done && version <= table.snapshot.version).sort(([a], [b]) => a - b);
  const entries = await mapConcurrent(wanted, async ([version, info]) => ({ version, info, removes: await removesIn(request, info) }));
  const last = new Map<string, Removal>();
  for (const { info, removes } of entries)
    for (const name of removes.names) last.set(name, { isOwn: removes.isOwn, at: Date.parse(info.modifiedAt) });
  const firstKept = entries.find(({ info }) => Date.parse(info.modifiedAt) > before)?.version ?? table.snapshot.version + 1;
  const own = new Map([...last].filter(([name, { isOwn }]) => isOwn && !table.active.has(name) && isOfEntity(request, name)));
  const [over, kept]: [FileInfo[], FileInfo[]] = [[], []];
  if (own.size > 0)
    for await (const info of files.list(place.folder)) {
      const removal = own.get(info.path);
      if (removal !== undefined && info.behind === undefined)
        (Math.max(removal.at, Date.parse(info.modifiedAt)) > before ? kept : over).push(info);
    }
  return { over, kept, through: Math.max(done, firstKept - 1) };
}

/** Removes the files whose retention has ended. Repeatable: if the process is stopped, the next call removes the remaining files. */
export async function removeOldFiles({ files, place }: OldFilesRequest, { over, through }: OldFiles): Promise<void> {
  await mapConcurrent(over, ({ path }) => retry(() => files.remove(path)));
  const path = throughPath(place);
  const now = await retry(() => files.get(path));
  const body = new TextEncoder().encode(JSON.stringify({ through }));
  if (through >= 0 && through > (now === undefined ? -1 : throughOf(now.body)))
    await retry(() => files.put(path, body, now === undefined ? { ifNoneMatch: '*' } : { ifMatch: now.etag }));
}

async function removesIn(
  { log, files, application }: OldFilesRequest,
  info: FileInfo,
): Promise<{ readonly isOwn: boolean; readonly names: readonly string[] }> {
  const actions = await retry(() => readJsonFile(info, new Actions(() => null), { files: log, signal: new AbortController().signal }));
  const isOwn = actions.commitInfo?.head != null && [...actions.transactions.keys()].some((id) => id.startsWith(application));
  // Change files are kept as long as the files that their version removed, because readers of the feed need them for the same time.
  return { isOwn, names: [...actions.removes, ...actions.cdc].map(({ path }) => nameIn(files.url, path)) };
}

function isOfEntity({ place, lineages }: OldFilesRequest, name: string): boolean {
  return lineages.has(partOwner(place, name)?.lineage ?? '');
}

const throughPath = (place: FilePlace) => `${recordsFolder(place)}/old-files.json`;

/** The version up to which entries are not read again. */
async function throughIn(files: FileSystem, place: FilePlace): Promise<number> {
  const found = await retry(() => files.get(throughPath(place)));
  return found === undefined ? -1 : throughOf(found.body);
}

function throughOf(body: Uint8Array): number {
  try {
    const { through } = JSON.parse(new TextDecoder().decode(body)) as { readonly through?: unknown };
    return typeof through === 'number' ? through : -1;
  } catch {
    return -1;
  }
}
