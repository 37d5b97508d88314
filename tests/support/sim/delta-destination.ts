/** A Delta table on a simulated disk, as a reader of its log finds it: JSON entries alone, replayed here by the protocol's own words. */
import type { Part } from '../../../src/engine/contracts/store.ts';
import type { StagedFile } from '../../../src/ports/filesystem.ts';
import { markedRows, type RawVector } from '../delta/marked-rows.ts';
import { type Destination, filesDestination, type ReadHead } from './destination.ts';
import type { Disk } from './disk.ts';
import { must } from './violation.ts';

interface Line {
  readonly add?: { readonly path: string; readonly stats?: string; readonly deletionVector?: RawVector };
  readonly remove?: { readonly path: string };
  readonly commitInfo?: Readonly<Record<string, unknown>>;
}

interface ReadTable {
  /** Decoded names of the files that the newest version has. */
  readonly active: ReadonlyMap<string, RawVector | undefined>;
  readonly head: ReadHead | null;
  /** Names that any entry has added. */
  readonly named: ReadonlySet<string>;
  readonly next: number;
}

const entryName = (version: number) => `_delta_log/${String(version).padStart(20, '0')}.json`;

function linesOf(body: Uint8Array): readonly Line[] {
  return new TextDecoder()
    .decode(body)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line);
}

function recordOf(disk: Disk, id: string, version: number): ReadHead {
  const found = [...disk.bodies].find(([path]) => path.startsWith('_hygge/') && path.endsWith(`/${id}.${version}.json`));
  must(found !== undefined, `entry ${version} names the head ${id}, and no record has it`);
  return (JSON.parse(new TextDecoder().decode(found?.[1])) as { readonly head: ReadHead }).head;
}

function tableOn(disk: Disk): ReadTable {
  const active = new Map<string, RawVector | undefined>();
  const named = new Set<string>();
  let head: { readonly id: string; readonly version: number } | null = null;
  for (let next = 0; ; next++) {
    const body = disk.bodies.get(entryName(next));
    if (body === undefined) return { active, named, head: head && recordOf(disk, head.id, head.version), next };
    for (const { add, remove, commitInfo } of linesOf(body)) {
      if (remove) must(active.delete(decodeURIComponent(remove.path)), `entry ${next} removes ${remove.path}, which no version has`);
      if (add) active.set(decodeURIComponent(add.path), add.deletionVector);
      if (add) named.add(decodeURIComponent(add.path));
      const id = commitInfo?.['hygge.head'];
      if (typeof id === 'string') head = { id, version: next };
    }
  }
}

/** Tables are read after each step: entries of a disk never change. */
function reader() {
  let last: { readonly entries: number; readonly bodies: number; readonly table: ReadTable } | undefined;
  return (disk: Disk): ReadTable => {
    const entries = [...disk.bodies.keys()].filter((path) => path.startsWith('_delta_log/')).length;
    if (last?.entries !== entries) last = { entries, bodies: disk.bodies.size, table: tableOn(disk) };
    return last.table;
  };
}

export function deltaDestination(disk: Disk, folder: string): Destination {
  const read = reader();
  const readHead = () => {
    const { active, head } = read(disk);
    if (head === null) return null;
    const own = head.files.filter(({ role }) => role !== 'foreign');
    for (const { name } of own) must(active.has(name), `the head lists ${name}, which is no file of the table`);
    const names = new Set(own.map(({ name }) => name));
    const foreign = [...active.keys()].filter((name) => !names.has(name));
    must(
      // With `merge: copy_on_write` rows of others may be written anew, in a file that is theirs by its name.
      foreign.every((name) => /(theirs|\/part-00000-[^/]*)\.jsonl$/.test(name)),
      `the table has ${foreign.join(', ')}, which no head lists`,
    );
    return { ...head, files: [...own, ...foreign.map((name) => ({ name, bytes: 1, rows: null, role: 'foreign' as const }))] };
  };
  const files = filesDestination(disk, folder, readHead, (name) => {
    const vector = read(disk).active.get(name);
    return vector && markedRows(vector, (path) => disk.bodies.get(path) as Uint8Array);
  });
  const isActive = (part: Part) => read(disk).active.has((part.ref as unknown as StagedFile).final);
  return { ...files, shows: isActive, filled: () => read(disk).active.size > 0, strays: () => [] };
}

/** A commit of another program that adds a file; the first one makes the table. */
export function announceForeign(disk: Disk, file: string): void {
  const { next } = tableOn(disk);
  const field = (name: string) => ({ name, type: 'long', nullable: true, metadata: {} });
  const schemaString = JSON.stringify({ type: 'struct', fields: [field('id'), field('mark')] });
  const made = [
    { protocol: { minReaderVersion: 1, minWriterVersion: 2 } },
    { metaData: { id: 'theirs', format: { provider: 'parquet', options: {} }, schemaString, partitionColumns: [], configuration: {} } },
  ];
  const add = { path: file, partitionValues: {}, size: disk.bodies.get(file)?.length ?? 0, modificationTime: 1, dataChange: true };
  const lines = [{ commitInfo: { operation: 'WRITE' } }, ...(next === 0 ? made : []), { add }];
  disk.plant(entryName(next), `${lines.map((line) => JSON.stringify(line)).join('\n')}\n`);
}
