/**
 * The change feed of a Delta table: which rows each version inserted, updated and deleted. If a version has no files of changes, its changes are the rows
 * of the files that it added and removed. An update counts as two changes: the old row is deleted, and the new row is inserted. So if an update changes the
 * key of a row, the row with the old key is removed.
 */

import type { DeltaFile, DeltaSnapshot } from '../../delta/table.ts';
import { changeTypeColumn } from '../../delta/values/change-feed.ts';
import type { Frame } from '../../engine/contracts/frame.ts';
import { deletedColumn, type Edge, type SliceRef, type Window } from '../../engine/contracts/home.ts';
import { changeVersionColumn } from '../../engine/contracts/spec.ts';
import { polars } from '../../frames/native.ts';
import { hashWords, wideHashes } from '../../frames/row-sum/wide-hashes.ts';
import type { Schema } from '../../frames/schema.ts';
import { asColumn, asConstant } from '../../frames/values/conforms.ts';
import { asPolars, PolarsFrame } from '../../frames/values/polars-frame.ts';
import { KeySet } from '../../keys/key-set.ts';
import type { Json } from '../../ports/values.ts';
import type { PinnedTable } from './options.ts';
import { slicedFile } from './slices.ts';
import type { ChangedFile, DeltaTable, TableCommit } from './table.ts';

/** The changes of one version. */
export interface VersionChanges {
  readonly version: number;
  /** Files of changes, which contain the kind of change of each row. */
  readonly recorded: readonly DeltaFile[];
  /** Files with rows that were inserted. */
  readonly inserted: readonly ChangedFile[];
  /** Files with rows that were deleted. */
  readonly deleted: readonly ChangedFile[];
}

const kinds = { inserted: ['insert', 'update_postimage'], deleted: ['delete', 'update_preimage'] } as const;

export async function feedSlices(
  table: DeltaTable,
  snapshot: DeltaSnapshot,
  { window: { lower }, sliceBytes }: { readonly window: Pick<Window, 'lower'>; readonly sliceBytes: number },
): Promise<readonly SliceRef[]> {
  const versions = lower === null ? wholeTable(snapshot) : await versionsAfter(table, snapshot, lower);
  const groups: VersionChanges[][] = [];
  let bytes = 0;
  for (const version of versions) {
    const group = groups.at(-1);
    if (group !== undefined && bytes + bytesOf(version) <= sliceBytes) group.push(version);
    else groups.push([version]);
    bytes = (groups.at(-1) === group ? bytes : 0) + bytesOf(version);
  }
  return groups.map((group) => ({
    ref: group as unknown as Json,
    rows: null,
    bytes: group.reduce((sum, version) => sum + bytesOf(version), 0),
  }));
}

const filesOf = ({ recorded, inserted, deleted }: VersionChanges) => [...recorded, ...inserted, ...deleted];
const bytesOf = (version: VersionChanges): number => filesOf(version).reduce((sum, { bytes }) => sum + bytes, 0);

/** All rows of the table at a version, as rows that the version inserted. */
function wholeTable({ version, files }: DeltaSnapshot): readonly VersionChanges[] {
  return files.map((file) => ({ version, recorded: [], inserted: [slicedFile(file)], deleted: [] }));
}

async function versionsAfter(table: DeltaTable, snapshot: DeltaSnapshot, lower: Edge): Promise<readonly VersionChanges[]> {
  const after = Number(lower.text) - (lower.inclusive ? 1 : 0);
  if (after > snapshot.version) throw table.wentBack(after, snapshot);
  if (after === snapshot.version) return [];
  const commits = await table.commits({ after, upTo: snapshot.version });
  return commits.flatMap((commit) => changesOf(table, commit));
}

function changesOf(table: DeltaTable, { version, changes, hasFeed }: TableCommit): readonly VersionChanges[] {
  const { recorded, inserted, deleted } = changes;
  if (recorded.length + inserted.length + deleted.length === 0) return [];
  if (!hasFeed) throw table.noFeed(version);
  if (recorded.length > 0) return [{ version, recorded: recorded.map(slicedFile), inserted: [], deleted: [] }];
  const sliced = (file: ChangedFile): ChangedFile => ({ ...file, ...slicedFile(file) });
  return [{ version, recorded: [], inserted: inserted.map(sliced), deleted: deleted.map(sliced) }];
}

interface ChangesRequest {
  readonly columns: readonly string[] | null;
  readonly signal: AbortSignal;
}

/** The rows of a version's changes. If a key was both deleted and inserted, only the inserted row counts. */
export async function* readChanges(
  table: DeltaTable,
  pinned: PinnedTable,
  { changes, columns, signal }: ChangesRequest & { readonly changes: VersionChanges },
): AsyncGenerator<Frame> {
  const { version, recorded, inserted, deleted } = changes;
  const of = { columns, signal };
  const inserts = async function* () {
    for (const file of inserted) yield* table.changedRows(pinned, file, of);
    for (const file of recorded) yield* ofKind(table.recordedRows(pinned, file, of), kinds.inserted);
  };
  const deletes = async function* () {
    for (const file of deleted) yield* table.changedRows(pinned, file, of);
    for (const file of recorded) yield* ofKind(table.recordedRows(pinned, file, of), kinds.deleted);
  };
  const key = table.mergeKey;
  const keys = key.length > 0 && deleted.length + recorded.length > 0 ? new KeySet() : null;
  for await (const frame of inserts()) {
    keys?.add(await hashesOf(frame, key));
    yield await marked(frame, version, false);
  }
  for await (const frame of deletes()) {
    const left = keys === null ? frame : await withoutKeys(frame, { keys, key });
    if (left.rows > 0) yield await marked(left, version, true);
  }
}

async function* ofKind(frames: AsyncIterable<PolarsFrame>, wanted: readonly string[]): AsyncGenerator<PolarsFrame> {
  const pl = await polars();
  for await (const frame of frames) {
    const isWanted = wanted.map((kind) => pl.col(changeTypeColumn).eq(pl.lit(kind))).reduce((any, one) => any.or(one));
    const rows = await (await frame.lazy()).filter(isWanted).drop(changeTypeColumn).collect();
    if (rows.height === 0) continue;
    const schema: Schema = { columns: frame.schema.columns.filter(({ name }) => name !== changeTypeColumn) };
    yield PolarsFrame.of({ schema, data: rows, bytes: Math.ceil((frame.bytes * rows.height) / Math.max(1, frame.rows)) });
  }
}

/** The hash of each key, with 64 bits. A row with a null in its key has no hash, because such rows do not settle. */
async function hashesOf(frame: Frame, key: readonly string[]): Promise<BigInt64Array> {
  const words = await wideHashes(frame, key, 'delta.changes');
  const hashes = new BigInt64Array(words.length / hashWords);
  for (let i = 0; i < hashes.length; i++)
    hashes[i] = BigInt.asIntN(64, (BigInt(words[hashWords * i] as number) << 32n) | BigInt(words[hashWords * i + 1] as number));
  return hashes;
}

async function withoutKeys(frame: Frame, { keys, key }: { readonly keys: KeySet; readonly key: readonly string[] }): Promise<Frame> {
  const hashes = await hashesOf(frame, key);
  return hashes.length === frame.rows ? frame.pick(keys.missing(hashes).marks) : frame;
}

async function marked(frame: Frame, version: number, isDeleted: boolean): Promise<Frame> {
  const own = frame.schema.columns;
  const added = [
    { name: changeVersionColumn, type: { kind: 'int64' }, nullable: false, text: String(version) },
    { name: deletedColumn, type: { kind: 'bool' }, nullable: false, text: String(isDeleted) },
  ] as const;
  return asPolars(frame).conform({
    schema: { columns: [...own, ...added.map(({ text: _, ...column }) => column)] },
    columns: [...own.map((column) => asColumn(column)), ...added.map((column) => asConstant(column, column.text))],
    samples: 'show',
  });
}
