import type { Head, Part } from '../../../src/engine/contracts/store.ts';
import type { ListedFile, QuarantinedFile } from '../../../src/files/store/head/head-log.ts';
import type { Schema } from '../../../src/frames/schema.ts';
import { brokenColumnsIn } from '../../../src/frames/values/rejected-rows.ts';
import type { StagedFile } from '../../../src/ports/filesystem.ts';
import type { Database } from './database.ts';
import { checksumOf, type Disk } from './disk.ts';
import { decodeLines } from './jsonl-format.ts';
import { markIn } from './marks.ts';
import type { Row } from './rows.ts';
import { must } from './violation.ts';

/** What the oracle can see of a destination, past every port. */
export interface Destination {
  head(): Head | null;
  /** The rows an exact reader sees; throws a Violation when a file of the head is gone. */
  rows(): readonly Row[];
  /** The rows that settled apart because they break a rule, as the source has them; absent: the model does not look. */
  apart?(): readonly Row[];
  /** Whether a part is there, staged or published, with the content it was staged with. */
  holds(part: Part): boolean;
  /** Whether it is published: some reader may see it. */
  shows(part: Part): boolean;
  /** Anything at all that a reader of the folder or table would see. */
  filled(): boolean;
  /** Data of hygge's form that the head does not list. */
  strays(): readonly string[];
  /** Names still staged. */
  staged(): readonly string[];
  /** The intent whose rows readers see before the head has moved to it; absent: they come together. */
  ahead?(): string | null;
  /** Of each file that an exact reader reads, its columns with their types; absent: it has no files. */
  shapes?(): readonly Schema[];
  /** Rows that a run updates count as rows that it settled: readers don't see more of them. */
  readonly countsUpdates?: true;
  /** A column of the store's own. */
  readonly markColumn?: string;
  /** Names that were used twice. */
  reused(): readonly string[];
}

export function sqlDestination(db: Database): Destination {
  return {
    head: () => db.head,
    rows: () => db.table.map((each) => each.row),
    holds: (part) => db.whole(part),
    shows: () => false,
    filled: () => db.table.length > 0,
    strays: () => [],
    staged: () => [...db.staging.keys()],
    reused: () => [],
  };
}

const partitioned = new WeakMap<Row, Row>();

/** A file that was written anew has no more of its partition than the folder's name tells. */
export function inPartition(one: Row, mark: string | null): Row {
  if (one.mark !== undefined) return one;
  const known = partitioned.get(one) ?? { ...(one as { readonly id: number }), mark: mark === null ? null : markIn(mark) };
  partitioned.set(one, known);
  return known;
}

const asRead = new WeakMap<Row, Row>();

/** A row in quarantine as it was read, without what says why it lies there. */
function withoutReasons(one: Row, schema: Schema): Row {
  const known = asRead.get(one);
  if (known !== undefined) return known;
  const reasons = new Set(Object.values(brokenColumnsIn(schema)));
  const row = Object.fromEntries(Object.entries(one).filter(([name]) => !reasons.has(name))) as Row;
  asRead.set(one, row);
  return row;
}

export type ReadHead = Head & { readonly files: readonly ListedFile[]; readonly quarantine?: readonly QuarantinedFile[] };

/** Reads the head from a disk, past every port. */
export type HeadReader = (disk: Disk) => ReadHead | null;

/** Reads `_hygge/…/current.json`, as a reader would that knows nothing of our code. */
export function manifestReader(): HeadReader {
  const heads = new WeakMap<Uint8Array, ReadHead>();
  return (disk) => {
    const body = [...disk.bodies].find(([path]) => path.startsWith('_hygge/') && path.endsWith('/current.json'))?.[1];
    if (!body) return null;
    const known = heads.get(body);
    if (known) return known;
    const read = JSON.parse(new TextDecoder().decode(body)) as ReadHead;
    heads.set(body, read);
    return read;
  };
}

/** Reads the head and exactly its files. */
export function filesDestination(
  disk: Disk,
  folder: string,
  readHead: HeadReader = manifestReader(),
  /** The rows of a file that are marked as deleted. */
  marksOf: (name: string) => ReadonlySet<number> | undefined = () => undefined,
): Destination {
  const contents = new WeakMap<Uint8Array, ReturnType<typeof decodeLines>>();
  const head = () => readHead(disk);
  const contentOf = (body: Uint8Array) => {
    const known = contents.get(body) ?? decodeLines(body);
    contents.set(body, known);
    return known;
  };
  const listed = () =>
    (head()?.files ?? []).map(({ name, role, partition }) => {
      const body = disk.bodies.get(name);
      must(body !== undefined, `the head names ${name}, which is gone`);
      const { schema, rows: all } = contentOf(body);
      const marks = marksOf(name);
      const rows = marks === undefined ? all : all.filter((_, at) => !marks.has(at));
      return { role, schema, rows: partition?.mark === undefined ? rows : rows.map((one) => inPartition(one, partition.mark ?? null)) };
    });
  const data = () => [...disk.bodies.keys()].filter((path) => path.startsWith(`${folder}/`));
  return {
    head,
    rows: () => listed().flatMap(({ rows }) => rows),
    apart: () =>
      (head()?.quarantine ?? []).flatMap(({ name }) => {
        const body = disk.bodies.get(name);
        must(body !== undefined, `the head names ${name} in quarantine, which is gone`);
        const { schema, rows } = contentOf(body);
        return rows.map((one) => withoutReasons(one, schema));
      }),
    shapes: () => listed().flatMap(({ role, schema }) => (role === 'foreign' ? [] : [schema])),
    holds: (part) => {
      const { staged, final, checksum } = part.ref as unknown as StagedFile;
      const body = disk.bodies.get(staged) ?? disk.bodies.get(final);
      return body !== undefined && checksumOf(body) === checksum;
    },
    shows: (part) => disk.bodies.has((part.ref as unknown as StagedFile).final),
    filled: () => data().length > 0,
    strays: () => {
      const listed = new Set((head()?.files ?? []).map(({ name }) => name));
      return data().filter((path) => !listed.has(path));
    },
    staged: () => [...disk.bodies.keys()].filter((path) => path.startsWith('_hygge/') && path.includes('/staging/')),
    reused: () => disk.raw.reused,
  };
}
