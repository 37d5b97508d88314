/** Decides the columns and types of a home's rows, from its files' schemas, the names of their folders, and earlier decisions. */

import { HomeError } from '../../errors/hygge-error.ts';
import type { Partly } from '../../formats/contract/format.ts';
import { schemaChanges } from '../../frames/compare.ts';
import type { Column, Schema } from '../../frames/schema.ts';
import type { FileInfo } from '../../ports/filesystem.ts';
import type { OwnNote } from '../../ports/notes.ts';
import type { Json } from '../../ports/values.ts';
import type { PartitionColumn } from '../paths/partition-values.ts';
import { type HiveMode, hiveColumns, inBoth } from './hive-columns.ts';
import type { Footers, OpenedFile } from './opened-files.ts';
import type { Shape } from './shape.ts';
import { type KnownColumns, unified } from './unify.ts';

/** `SourceDescription.pinned` for a home of files. */
export interface PinnedFiles {
  /** The decisions of the format. */
  readonly format: Json | null;
  readonly partitions: readonly PartitionColumn[];
  /** The columns of the files, if they are unified. */
  readonly columns?: readonly Column[];
  /** See `SampleResult.partly`. */
  readonly partly?: Partly;
  /** See `HiveColumns`. */
  readonly unreadFolders?: readonly string[];
}

export const nothingPinned: PinnedFiles = { format: null, partitions: [] };

export interface ShapeRequest {
  readonly found: readonly FileInfo[];
  /** The files that are opened. */
  readonly looked: readonly FileInfo[];
  readonly footers: Footers;
  readonly pinned: PinnedFiles;
  readonly hive: HiveMode;
  readonly unify: boolean;
  /** Whether the config requires unification. If so, files with equal columns also go through unification, and a folder key may be missing for some files. */
  readonly asked: boolean;
  readonly display: (path: string) => string;
}

export interface DecidedShape {
  readonly shape: Shape;
  /** The number of rows in all files. Undefined: not counted. Null: unknown without reading the files. */
  readonly rows?: number | null;
  /** See `HiveColumns`. */
  readonly unreadFolders: readonly string[];
  readonly notes: readonly OwnNote[];
  readonly warnings: readonly OwnNote[];
}

export async function shapeOf(request: ShapeRequest): Promise<DecidedShape> {
  const { found, footers, pinned, hive, unify, asked, display } = request;
  const [first] = found;
  if (!first) return { shape: { columns: null, partitions: [] }, unreadFolders: pinned.unreadFolders ?? [], notes: [], warnings: [] };
  const together = unify ? await allColumns(request) : undefined;
  const columns = together?.columns ?? (await footers.open(first)).content.schema.columns;
  const paths = found.map(({ path }) => path);
  const inFiles = new Set(columns.map(({ name }) => name));
  const { partitions, unreadFolders: known = [] } = pinned;
  const folders = hiveColumns({
    mode: hive,
    paths,
    pinned: partitions,
    unreadFolders: known,
    inFiles,
    file: display(first.path),
    unify: asked,
    display,
  });
  const shape = { columns: together?.columns ?? null, partitions: folders.columns };
  const { unreadFolders, notes } = folders;
  return {
    shape,
    unreadFolders,
    notes,
    warnings: [...folders.warnings, ...(together?.warnings ?? [])],
    ...(together ? { rows: together.rows } : {}),
  };
}

/** The columns of all files that may be opened. Settled columns stay, so a column that no file has any more continues as nulls. */
async function allColumns({
  looked,
  footers,
  pinned,
  asked,
  display,
}: ShapeRequest): Promise<{ columns: readonly Column[] | null; rows: number | null; warnings: readonly OwnNote[] }> {
  const known = new Map<string, readonly Column[]>();
  const seen = await footers.each(looked, ({ info, content }) => {
    const key = JSON.stringify(content.schema.columns);
    const columns = known.get(key) ?? content.schema.columns;
    known.set(key, columns);
    return { name: display(info.path), columns, rows: content.rows };
  });
  // If the config names another type for a column, the settled type is ignored.
  const configured = new Map(seen.flatMap(({ columns }) => columns.filter((one) => one.configured).map((one) => [one.name, one])));
  const settled = pinned.columns?.map((column) => configured.get(column.name) ?? column);
  const before = settled ? [{ name: 'what settled before', columns: settled }] : [];
  const rows = seen.reduce<number | null>((sum, file) => (sum === null || file.rows === null ? null : sum + file.rows), 0);
  // All files have always had the same columns, so unified columns are not needed.
  const alike = !asked && known.size <= 1 && before.length === 0;
  return { columns: alike ? null : unified([...before, ...seen]), rows, warnings: unrelated(seen) };
}

/** A note on files that have no column in common with the first files. Usually the path contains two sources. */
function unrelated(seen: readonly KnownColumns[]): readonly OwnNote[] {
  const [first] = seen;
  const group = new Set(first?.columns.map(({ name }) => name));
  let others = seen.slice(1);
  // A file joins the group if it shares a column with a file of the group. This is repeated until no further file joins.
  for (let before = -1; others.length !== before; ) {
    before = others.length;
    const isOfGroup = ({ columns }: KnownColumns) => columns.length === 0 || columns.some(({ name }) => group.has(name));
    for (const file of others.filter(isOfGroup)) for (const { name } of file.columns) group.add(name);
    others = others.filter((file) => !isOfGroup(file));
  }
  const [other] = others;
  if (!first || !other || group.size === 0) return [];
  const more = others.length - 1;
  const which = `${other.name}${more === 0 ? '' : ` and ${more} more`}`;
  const text = `no column of ${which} is in ${first.name}: are they files of another source? To exclude them, use a path that does not match them`;
  return [{ code: 'files.unrelated', params: { file: other.name, more, first: first.name }, text }];
}

export interface Agreement {
  readonly shape: Shape;
  readonly first: OpenedFile;
  /** Reduces a schema to the columns that are read, because only these columns must agree. */
  readonly projected: (schema: Schema) => Schema;
  readonly display: (path: string) => string;
}

/** Throws if files are not unified and a file has other columns than the first file. */
export function mustAgree(other: OpenedFile, { shape, first, projected, display }: Agreement): void {
  const both = shape.partitions.find(({ name }) => other.content.schema.columns.some((column) => column.name === name));
  if (both) throw inBoth(both.name, display(other.info.path));
  if (shape.columns !== null) return;
  const changes = schemaChanges(projected(first.content.schema), projected(other.content.schema));
  if (changes.length === 0) return;
  throw new HomeError({
    code: 'HYG-3204',
    what: `${display(other.info.path)} has another schema than ${display(first.info.path)}.`,
    why: changes.slice(0, 6),
    tryThis: [
      'Read all files together, with nulls for missing values: differing_files: unify',
      'Move files with other columns into separate entities',
      'Leave differing columns out with exclude: […]',
    ],
  });
}
