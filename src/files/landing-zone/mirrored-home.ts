/**
 * The Delta table that Fabric makes of a landing zone, as a home that returns the rows with the settled names and types. The table is in the same item of OneLake,
 * https://learn.microsoft.com/fabric/mirroring/explore-data-directly. Fabric adds deletion vectors and column mapping by itself; the reader of tables supports both.
 */

import type { Frame } from '../../engine/contracts/frame.ts';
import {
  type Checkpoint,
  everything,
  type Home,
  isFrame,
  type SliceRef,
  type SourceDescription,
  usualReading,
  type Window,
} from '../../engine/contracts/home.ts';
import { StoreError } from '../../errors/hygge-error.ts';
import { describeType } from '../../frames/describe-type.ts';
import { polars } from '../../frames/native.ts';
import { rowsWithin } from '../../frames/row-sum/some-rows.ts';
import { isText } from '../../frames/row-sum/text-family.ts';
import type { Column, DataType, Schema } from '../../frames/schema.ts';
import { convertible } from '../../frames/values/convert.ts';
import { asPolars } from '../../frames/values/polars-frame.ts';
import { polarsType } from '../../frames/values/polars-type.ts';
import type { Clock } from '../../ports/clock.ts';
import type { FileSystem } from '../../ports/filesystem.ts';
import { retry } from '../../ports/retry.ts';
import type { Scratch } from '../../ports/scratch.ts';
import type { Json } from '../../ports/values.ts';
import { deltaHome } from '../delta/home.ts';
import { pinnedTable } from '../delta/options.ts';
import { notIncremental, rowsAsSettled } from '../store/settled-home.ts';
import { defaultSchema, type TableName } from './replication.ts';
import { rebuild } from './types.ts';

/** Opens a folder of the mirrored database by its path in the item; '' is the item itself. */
export type OpenFolder = (path: string) => Promise<FileSystem>;

export interface MirroredOptions {
  readonly item: OpenFolder;
  readonly name: TableName;
  readonly clock: Pick<Clock, 'now'>;
  readonly scratch: Scratch;
}

export interface MirroredTable {
  readonly version: number;
  /** When the version was committed, in milliseconds since 1970; null: unknown. */
  readonly committedMs: number | null;
  /** The number of rows; null: unknown from the log. */
  readonly rows: number | null;
  readonly home: Home;
  /** Reads the newest version of the table; null: the table does not exist. */
  newest(): Promise<number | null>;
}

/** The newest version of the table. Null: Fabric has not made the table. Throws StoreError HYG-4122 if the table has other columns than `settled`. Throws the errors of reading a log. */
export async function mirroredTable(options: MirroredOptions, settled: Schema): Promise<MirroredTable | null> {
  const files = await folderOf(options);
  if (files === undefined) return null;
  const delta = tableIn(files, options);
  const { found, version, timestamp } = await describedIn(delta);
  return {
    version,
    committedMs: timestamp,
    rows: found.rows?.exact ? found.rows.n : null,
    home: new MirroredHome(delta, found, { settled, where: files.url }),
    newest: () => newestVersion(options),
  };
}

/** The number of the newest version; null: Fabric has not made the table. */
export async function newestVersion(options: MirroredOptions): Promise<number | null> {
  const files = await folderOf(options);
  if (files === undefined) return null;
  await using delta = tableIn(files, options);
  return (await describedIn(delta)).version;
}

async function describedIn(delta: Home) {
  const step = await delta.describe();
  const found = 'done' in step ? step.done : undefined;
  const pinned = pinnedTable(found?.pinned ?? null);
  if (found === undefined || pinned === null) throw new Error('a Delta table was described without its version');
  return { found, version: pinned.version, timestamp: pinned.timestamp };
}

/** The folder of the table. Fabric does not document whether a table without a schema is in a folder of the default schema, so the folder with a log is used. */
async function folderOf({ item, name: { schema, table } }: MirroredOptions): Promise<FileSystem | undefined> {
  const paths = schema === null ? [`Tables/${table}`, `Tables/${defaultSchema}/${table}`] : [`Tables/${schema}/${table}`];
  for (const path of paths) {
    const files = await item(path);
    if (await retry(() => hasLog(files))) return files;
  }
  return undefined;
}

async function hasLog(files: FileSystem): Promise<boolean> {
  for await (const _ of files.list('_delta_log')) return true;
  return false;
}

function tableIn(files: FileSystem, { item, clock, scratch }: MirroredOptions): Home {
  return deltaHome({
    ...{ files, container: () => item(''), where: files.url, clock: clock as Clock, scratch },
    ...{ asked: null, pinned: null, readsFeed: false, rowKey: undefined, entity: '', frameRows: 122_880, columns: null, exclude: null },
  });
}

interface Settling {
  readonly settled: Schema;
  readonly where: string;
}

class MirroredHome implements Home {
  readonly reading = { ...usualReading, readsAsPinned: true };
  readonly rowCondition = '';
  readonly place: string;
  readonly #delta: Home;
  readonly #found: SourceDescription;
  readonly #settled: Schema;
  /** For each settled column, the name that the table has for it. */
  readonly #own: ReadonlyMap<string, string>;

  constructor(delta: Home, found: SourceDescription, { settled, where }: Settling) {
    const { columns } = found.schema ?? { columns: [] };
    this.place = where;
    this.#delta = delta;
    this.#found = found;
    this.#settled = settled;
    this.#own = ownNames(columns, settled);
    mustFit(columns, { settled, own: this.#own, where });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#delta[Symbol.asyncDispose]();
  }

  async describe(): Promise<{ done: SourceDescription }> {
    const { pinned: _, ...found } = this.#found;
    return { done: { ...found, schema: { columns: this.#settled.columns.map((column) => ({ ...column, nullable: true })) } } };
  }

  async bound(): Promise<never> {
    throw notIncremental(this.place);
  }

  async future(): Promise<never> {
    throw notIncremental(this.place);
  }

  async nulls(): Promise<never> {
    throw notIncremental(this.place);
  }

  /** Plans slices without files whose statistics exclude rows of the window. */
  plan(window: Window, how: Parameters<Home['plan']>[1]): ReturnType<Home['plan']> {
    const { column } = window;
    const own = column === null ? null : { ...column, column: this.#own.get(column.column) ?? column.column };
    return this.#delta.plan({ ...window, column: own }, how);
  }

  async *read(slice: SliceRef, window: Window, from: Json | undefined, signal: AbortSignal): AsyncGenerator<Frame | Checkpoint> {
    const { column } = window;
    for await (const item of this.#delta.read(slice, everything, from, signal)) {
      if (!isFrame(item)) {
        if ('checkpoint' in item) yield item;
        continue;
      }
      const settled = await this.#asSettled(item);
      yield column === null ? settled : await rowsWithin(settled, { ...window, column });
    }
  }

  async #asSettled(frame: Frame): Promise<Frame> {
    const names = new Map([...this.#own].map(([settled, own]) => [own, settled]));
    const renamed = frame.schema.columns.map((column) => ({ ...column, name: names.get(column.name) ?? column.name }));
    const wanted = new Map(this.#settled.columns.map(({ name, type }) => [name, type]));
    const zoned = renamed.map((column): Column => {
      const type = wanted.get(column.name);
      return type !== undefined && differInZone(column.type, type) ? { ...column, type } : column;
    });
    return rowsAsSettled(await retold(frame, zoned), this.#settled);
  }
}

/** The table’s name for each settled column: the same name, or else the same name in another case. */
function ownNames(columns: readonly Column[], { columns: settled }: Schema): ReadonlyMap<string, string> {
  const exact = new Set(columns.map(({ name }) => name));
  const folded = new Map(columns.map(({ name }) => [name.toLowerCase(), name]));
  return new Map(
    settled.flatMap(({ name }) => {
      const own = exact.has(name) ? name : folded.get(name.toLowerCase());
      return own === undefined ? [] : [[name, own] as const];
    }),
  );
}

/** Throws StoreError HYG-4122 if the columns differ. A settled column may be missing in the table, because Fabric adds a column with the first file that has it. */
function mustFit(columns: readonly Column[], { settled, own, where }: Settling & { readonly own: ReadonlyMap<string, string> }): void {
  const taken = new Set(own.values());
  const types = new Map(columns.map(({ name, type }) => [name, type]));
  const others = columns.filter(({ name }) => !taken.has(name)).map(({ name }) => `It has a column ${name}, which hygge has not settled.`);
  const retyped = settled.columns.flatMap(({ name, type }) => {
    const there = types.get(own.get(name) ?? '');
    return there === undefined || isReadable(there, type)
      ? []
      : [`Its column ${name} is ${describeType(there)}, but ${describeType(type)} settled.`];
  });
  if (others.length + retyped.length > 0) throw otherColumns(where, [...retyped, ...others]);
}

const isReadable = (there: DataType, settled: DataType): boolean =>
  (isText(there) && isText(settled)) || convertible(there, settled) || differInZone(there, settled);

/** Whether two types differ only in the zone. Fabric does not document whether it keeps times without a zone; with a zone, the values are the same times in UTC. */
function differInZone(there: DataType, settled: DataType): boolean {
  return there.kind === 'timestamp' && settled.kind === 'timestamp' && (there.zone === undefined) !== (settled.zone === undefined);
}

/** The rows with the settled names, and with times that have or lack a zone as settled. */
async function retold(frame: Frame, columns: readonly Column[]): Promise<Frame> {
  const before = frame.schema.columns;
  if (columns.every(({ name, type }, at) => name === before[at]?.name && type === before[at]?.type)) return frame;
  const pl = await polars();
  const own = asPolars(frame);
  const values = columns.map(({ name, type }, at) => {
    const value = pl.col(before[at]?.name ?? name);
    if (type === before[at]?.type) return value.alias(name);
    const inUnit =
      type.kind === 'timestamp' && before[at]?.type.kind === 'timestamp'
        ? polarsType(pl, { ...type, unit: before[at].type.unit })
        : undefined;
    return inUnit === undefined ? value.alias(name) : value.cast(pl.Int64).cast(inUnit, true).alias(name);
  });
  const schema: Schema = {
    columns: columns.map((column, at) => {
      const there = before[at]?.type;
      return column.type.kind === 'timestamp' && there?.kind === 'timestamp'
        ? { ...column, type: { ...column.type, unit: there.unit } }
        : column;
    }),
  };
  return own.recast({
    schema,
    plan: (await own.lazy()).select(...values),
    nulls: columns.map((_, as) => ({ as })),
    sourceName: (name) => before[columns.findIndex((one) => one.name === name)]?.name,
  });
}

function otherColumns(where: string, why: readonly string[]): StoreError {
  return new StoreError({
    code: 'HYG-4122',
    what: `${where} has other columns than the settled ones.`,
    why: [...why],
    tryThis: [`Check whether another program writes to this table, then load it again: ${rebuild}`],
  });
}
