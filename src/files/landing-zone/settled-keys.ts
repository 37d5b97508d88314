/**
 * The keys that hygge has published to a mirrored table. Fabric applies the files of a landing zone and removes them, so hygge can't read them again. For a comparison of keys, each commit keeps the keys of
 * its own rows in a file next to the head that lists it. The rows of key files are in the order in which Fabric applies them, so the last row of a key shows whether the table has the key.
 */

import type { Frame } from '../../engine/contracts/frame.ts';
import { type Home, usualReading } from '../../engine/contracts/home.ts';
import type { EntityRun, PartRole } from '../../engine/contracts/store.ts';
import { HomeError, StoreError } from '../../errors/hygge-error.ts';
import type { Format } from '../../formats/contract/format.ts';
import { asWritten } from '../../frames/fidelity.ts';
import { rowHashes } from '../../frames/row-sum/row-hashes.ts';
import type { Column, DataType, Schema } from '../../frames/schema.ts';
import { asColumn, asConstant } from '../../frames/values/conforms.ts';
import { KeyPlaces } from '../../keys/key-places.ts';
import { FileNotFound, type FileSystem, type StagedFile } from '../../ports/filesystem.ts';
import type { Random } from '../../ports/random.ts';
import { retry } from '../../ports/retry.ts';
import type { Scratch } from '../../ports/scratch.ts';
import type { FilesHead, KeyFile, SettledKeys } from '../store/head/head-log.ts';
import { type FilePlace, keysPath, type PartName, stagedPath } from '../store/layout.ts';
import { notIncremental, rowsAsSettled } from '../store/settled-home.ts';
import { OpenPart } from '../store/staging/open-part.ts';
import { stagedFile } from '../store/staging/staged-parts.ts';
import type { KeyReader } from './newest-rows.ts';
import { type OpenedFile, openFile, rowsOfFile } from './opened-files.ts';
import { RowMarks } from './row-marks.ts';
import { rebuild } from './types.ts';

export interface KeyStoreOptions {
  readonly files: FileSystem;
  readonly place: FilePlace;
  readonly format: Format;
  readonly scratch: Scratch;
  readonly random: Pick<Random, 'nonce'>;
  /** The table, for messages. */
  readonly where: string;
  /** A replacement of `rowHashes` for simulated frames. */
  readonly keyHashes?: typeof rowHashes;
  /** The limits for keys; absent: `usual`. */
  readonly keyLimits?: KeyLimits;
}

export interface KeyLimits {
  /** The maximum number of key files in a head, before some are combined. */
  readonly mostFiles: number;
  /** The number of key hashes that are compared at once. Further hashes may wait in scratch. */
  readonly mostHeld: number;
}

/** The usual limits. A file is not combined if it is at least three times as large as all later files together. Of 32 files, at least one is smaller than that, so some files can always be combined. */
const usual: KeyLimits = { mostFiles: 32, mostHeld: 200_000 };
const mostTimesLarger = 2;

/** The change of a commit to the keys, fixed when it was prepared. */
export interface KeyChanges {
  /** The keys that the head lists after the commit; null: the keys of some rows are unknown. */
  readonly keys: SettledKeys | null;
  /** The key files that the commit publishes. */
  readonly staged: readonly StagedFile[];
  /** The names of key files that the head no longer lists. */
  readonly removes: readonly string[];
}

/** A published part of a commit, as it was staged. */
export interface PartOfRows {
  readonly staged: string;
  readonly bytes: number;
  readonly role: PartRole;
}

export interface CommittedKeys {
  readonly run: EntityRun;
  /** The slice number for the key files, which is larger than all slice numbers of the run. */
  readonly slice: number;
  /** The settled names of the key's columns. */
  readonly key: readonly string[];
  /** The settled name of the watermark's column; null: no watermark. */
  readonly watermark: string | null;
  readonly schema: Schema;
  readonly before: SettledKeys | undefined;
  /** Whether the commit publishes number 1, so that the table has only the rows of its parts. */
  readonly isFirst: boolean;
}

/** Whether the keys of all rows of the table will be known after the commit. */
const isKnown = ({ before, isFirst, ...commit }: CommittedKeys) => isFirst || (before !== undefined && isOfSameColumns(before, commit));

/** Starts to stage the keys of a commit’s rows. Undefined: the keys of earlier rows are unknown, so the keys of the commit’s rows are not kept either. */
export function beginOwnKeys(of: KeyStoreOptions, commit: CommittedKeys): OwnKeys | undefined {
  return isKnown(commit) ? new OwnKeys(of, commit) : undefined;
}

/** Writes the file with the keys of a commit’s rows. Must be closed or aborted. */
export class OwnKeys implements KeyReader {
  readonly columns: readonly string[];
  readonly #of: KeyStoreOptions;
  readonly #schema: Schema;
  readonly #file: KeyFileWriter;

  constructor(of: KeyStoreOptions, { run, slice, schema, ...columns }: CommittedKeys) {
    this.#of = of;
    this.columns = columnsOf(columns);
    this.#schema = schemaOf(this.columns, schema);
    this.#file = new KeyFileWriter(of, { run, slice, part: 0, schema: this.#schema });
  }

  async read(frame: Frame, role: PartRole): Promise<void> {
    const deleted = deletedIn(this.columns);
    const columns = this.#schema.columns.map((column) =>
      column.name === deleted ? asConstant(column, String(role === 'deleted')) : asColumn(column),
    );
    await this.#file.add(await frame.conform({ schema: this.#schema, columns, samples: 'mask' }));
  }

  /** Ends the key file. @param again rows that are published after all rows that were read. Throws FileNotFound if a part is missing. */
  async close(again: readonly PartOfRows[]): Promise<StagedKeys> {
    for (const { staged, bytes, role } of again) {
      const opened = await openFile(this.#of, { path: staged, bytes });
      for await (const frame of rowsOfFile(this.#of, opened, this.columns, never)) await this.read(frame, role);
    }
    return this.#file.close();
  }

  abort(error: unknown): Promise<void> {
    return this.#file.abort(error);
  }
}

/**
 * The change of a commit to the keys. Many earlier files are combined into new staged files. @param
 * own the keys of the commit’s rows; undefined: these keys are not kept.
 */
export async function keysOfCommit(of: KeyStoreOptions, commit: CommittedKeys, own: StagedKeys | undefined): Promise<KeyChanges> {
  const { before, isFirst, key, watermark } = commit;
  const listed = before?.files.map(({ name }) => name) ?? [];
  if (own === undefined) return { keys: null, staged: [], removes: listed };
  const known = isFirst ? [] : (before?.files ?? []);
  const folded = await foldedFiles(of, commit, { key, watermark, files: known });
  if (folded === 'lost') return { keys: null, staged: [], removes: listed };
  const files = [...folded.files, keyFile(own)];
  const kept = new Set(files.map(({ name }) => name));
  return { keys: { key, watermark, files }, staged: [...folded.staged, own], removes: listed.filter((name) => !kept.has(name)) };
}

/** The change for an entity whose keys are not kept, or are no longer kept. */
export function withoutKeys(before: SettledKeys | undefined): KeyChanges | undefined {
  return before && { keys: null, staged: [], removes: before.files.map(({ name }) => name) };
}

/**
 * For a full load that is merged: the keys of its rows, which are all keys of the table after the load, and the keys of rows to delete. Throws StoreError HYG-4120
 * if the keys of the table are unknown.
 */
export function keysOfFullLoad(
  of: KeyStoreOptions,
  commit: CommittedKeys,
  own: StagedKeys | undefined,
): { readonly changes: KeyChanges; unmatched(): AsyncGenerator<Frame> } {
  const { before, key, watermark } = commit;
  if (before === undefined || own === undefined || !isOfSameColumns(before, commit)) throw keysUnknown(of.where, notKept);
  const changes: KeyChanges = {
    keys: { key, watermark, files: [keyFile(own)] },
    staged: [own],
    removes: before.files.map(({ name }) => name),
  };
  return {
    changes,
    async *unmatched() {
      const keys = { key, watermark, files: [...before.files, { ...keyFile(own), name: own.staged }] };
      for await (const frame of newestRows(of, keys, new AbortController().signal, before.files.length)) {
        const { unset } = await frame.apart(deletedIn(columnsOf(keys)));
        if (unset.rows > 0) yield unset;
      }
    },
  };
}

const notKept =
  'Rows were published without keeping their keys: before deletes: { compare } or write_strategy: merge was set, or with another key or watermark.';

export type StagedKeys = StagedFile & { readonly rows: number };

const keyFile = ({ final, bytes, rows, checksum }: StagedKeys): KeyFile => ({ name: final, bytes, rows, checksum });

type KeyColumns = Pick<SettledKeys, 'key' | 'watermark'>;

const isOfSameColumns = (one: KeyColumns, other: KeyColumns) =>
  one.watermark === other.watermark && one.key.length === other.key.length && one.key.every((name) => other.key.includes(name));

/** The columns of key and watermark. */
function columnsOf({ key, watermark }: KeyColumns): readonly string[] {
  return watermark === null || key.includes(watermark) ? key : [...key, watermark];
}

/** The column of a key file that marks deleted rows. No column of the key has this name. */
function deletedIn(columns: readonly string[]): string {
  let name = 'deleted';
  while (columns.includes(name)) name += '_';
  return name;
}

const bool: DataType = { kind: 'bool' };

/** The columns of a file of keys. */
function schemaOf(columns: readonly string[], { columns: settled }: Schema): Schema {
  const own = columns.flatMap((name): Column[] => {
    const type = settled.find((column) => column.name === name)?.type;
    return type === undefined ? [] : [{ name, type: asWritten(type), nullable: true }];
  });
  return { columns: [...own, { name: deletedIn(columns), type: bool, nullable: false }] };
}

/** The minimum number of rows in a row group, except for the last row group of a file. */
const fewestOfGroup = 122_880;

type NameOfFile = Pick<PartName, 'slice' | 'part'> & { readonly run: EntityRun; readonly schema: Schema };

/** Writes a staged key file. Each frame becomes a row group. So small frames are combined; otherwise every rewrite of key files would add small row groups. */
class KeyFileWriter {
  readonly #part: OpenPart;
  #held: Frame[] = [];
  #rows = 0;

  constructor({ files, format, scratch, random, place }: KeyStoreOptions, { run: { epoch, lineage }, slice, part, schema }: NameOfFile) {
    const name: PartName = { epoch, lineage, slice, part, nonce: random.nonce() };
    const names = { role: 'data', staged: stagedPath(place, name), final: keysPath(place, name), anew: true } as const;
    this.#part = new OpenPart({ files, format, scratch }, { schema, watermark: null }, names);
  }

  async add(frame: Frame): Promise<void> {
    // The frame is valid only until the next frame, so it is copied.
    this.#held.push(await frame.followedBy([]));
    this.#rows += frame.rows;
    if (this.#rows >= fewestOfGroup) await this.#write();
  }

  async close(): Promise<StagedKeys> {
    await this.#write();
    const staged = await this.#part.close();
    return { ...stagedFile(staged), rows: staged.rows };
  }

  abort(error: unknown): Promise<void> {
    return this.#part.abort(error);
  }

  async #write(): Promise<void> {
    const [first, ...others] = this.#held;
    this.#held = [];
    this.#rows = 0;
    if (first !== undefined) await this.#part.add(await first.followedBy(others));
  }
}

async function stageFile(of: KeyStoreOptions, name: NameOfFile, frames: AsyncIterable<Frame>): Promise<StagedKeys> {
  const file = new KeyFileWriter(of, name);
  try {
    for await (const frame of frames) await file.add(frame);
    return await file.close();
  } catch (error) {
    await file.abort(error);
    throw error;
  }
}

/**
 * The key files. If their number is too large, some of the later files are combined. A file is not rewritten as long as it is far larger than all files after it,
 * so each row is rewritten only a few times. `lost`: a file is missing or was replaced.
 */
async function foldedFiles(
  of: KeyStoreOptions,
  { run, slice, schema: settled }: CommittedKeys,
  known: SettledKeys,
): Promise<{ readonly files: readonly KeyFile[]; readonly staged: readonly StagedKeys[] } | 'lost'> {
  const { mostFiles } = of.keyLimits ?? usual;
  const { files } = known;
  const columns = columnsOf(known);
  if (files.length < mostFiles) return { files, staged: [] };
  const from = firstToFold(files);
  if (from === files.length - 1) return { files, staged: [] };
  const schema = schemaOf(columns, settled);
  const [staying, folding] = [files.slice(0, from), files.slice(from)];
  const frames = async function* (): AsyncGenerator<Frame> {
    for await (const frame of newestRows(of, { ...known, files: folding }, never)) {
      const { set, unset } = await frame.apart(deletedIn(columns));
      for (const [rows, isDeleted] of [
        [unset, false],
        [set, true],
      ] as const) {
        // A deleted row is kept because an earlier file may have its key. In the first file, deleted rows are left out.
        if (rows.rows === 0 || (isDeleted && from === 0)) continue;
        const marked = schema.columns.map((column) =>
          column.name === deletedIn(columns) ? asConstant(column, String(isDeleted)) : asColumn(column),
        );
        yield await rows.conform({ schema, columns: marked, samples: 'mask' });
      }
    }
  };
  try {
    const folded = await stageFile(of, { run, slice, part: 1, schema }, frames());
    return { files: [...staying, keyFile(folded)], staged: [folded] };
  } catch (error) {
    if (error instanceof StoreError && error.code === keysUnknownCode) return 'lost';
    throw error;
  }
}

/** The index of the oldest file that is not far larger than all later files together. */
function firstToFold(files: readonly KeyFile[]): number {
  let later = 0;
  let first = files.length - 1;
  for (let i = files.length - 1; i >= 0; i--) {
    const { rows } = files[i] as KeyFile;
    if (rows <= mostTimesLarger * later) first = i;
    later += rows;
  }
  return first;
}

const never = new AbortController().signal;

/** The newest row of each key, and whether the row is deleted. @param first the number of files to read. Rows are left out if the other files have a newer row with the same key. Throws StoreError HYG-4120 if a file is missing or was replaced. */
async function* newestRows(of: KeyStoreOptions, keys: SettledKeys, signal: AbortSignal, first = keys.files.length): AsyncGenerator<Frame> {
  const opened: OpenedFile[] = [];
  for (const file of keys.files) opened.push(await settledFile(of, file));
  try {
    const followed = await followedRows(of, opened, { keys, signal });
    const columns = [...columnsOf(keys), deletedIn(columnsOf(keys))];
    for await (const { frame, at } of framesOf(of, opened.slice(0, first), { columns, signal })) {
      const marks = followed.of(at, frame.rows);
      const newest = marks === undefined ? frame : await frame.pick(marks.map((mark) => 1 - mark));
      if (newest.rows > 0) yield newest;
    }
  } catch (error) {
    if (error instanceof FileNotFound) throw keysUnknown(of.where, 'A file with keys is missing.');
    if (error instanceof HomeError) throw keysUnknown(of.where, error.what);
    throw error;
  }
}

/** Marks the rows whose key also occurs in a later row. */
async function followedRows(
  of: KeyStoreOptions,
  opened: readonly OpenedFile[],
  { keys, signal }: { readonly keys: SettledKeys; readonly signal: AbortSignal },
): Promise<RowMarks> {
  await using places = new KeyPlaces(of.scratch, { keysAtOnce: (of.keyLimits ?? usual).mostHeld });
  let rows = 0;
  for await (const { frame, at } of framesOf(of, opened, { columns: keys.key, signal })) {
    await places.add(await hashesOf(of, frame, keys), at);
    rows += frame.rows;
  }
  const marks = new RowMarks(rows);
  await places.pairs((earlier) => marks.add(earlier));
  return marks;
}

/** All rows of the files, in order. `at`: the position of a frame’s first row among all rows. */
async function* framesOf(
  of: KeyStoreOptions,
  opened: readonly OpenedFile[],
  { columns, signal }: { readonly columns: readonly string[]; readonly signal: AbortSignal },
): AsyncGenerator<{ readonly frame: Frame; readonly at: number }> {
  let at = 0;
  for (const file of opened)
    for await (const frame of rowsOfFile(of, file, columns, signal)) {
      yield { frame, at };
      at += frame.rows;
    }
}

function hashesOf({ keyHashes = rowHashes }: KeyStoreOptions, frame: Frame, { key }: SettledKeys): Promise<BigInt64Array> {
  const types = new Map(frame.schema.columns.map(({ name, type }) => [name, type]));
  return keyHashes(
    frame,
    key.map((name) => ({ name, type: types.get(name) ?? bool })),
  );
}

async function settledFile(of: KeyStoreOptions, { name, bytes }: KeyFile): Promise<OpenedFile> {
  const found = await retry(() => of.files.stat(name));
  if (found?.bytes !== bytes)
    throw keysUnknown(of.where, found === undefined ? `"${name}" is gone.` : `"${name}" had ${bytes} bytes and has ${found.bytes}.`);
  return openFile(of, { path: name, bytes });
}

/**
 * The keys and watermarks in the table, one row per key, as a home with one slice. Throws StoreError HYG-4120 if the head has no keys; `read` throws this error if a
 * key file is missing.
 */
export function settledKeysHome(head: FilesHead, of: KeyStoreOptions): Home {
  const { keys, schema } = head;
  if (keys === undefined || schema === null) throw keysUnknown(of.where, notKept);
  const rows = keys.files.reduce((sum, file) => sum + file.rows, 0);
  const bytes = keys.files.reduce((sum, file) => sum + file.bytes, 0);
  const own = columnsOf(keys);
  return {
    reading: { ...usualReading, filter: 'none', readsAsPinned: true },
    rowCondition: '',
    place: of.where,
    describe: async () => ({
      done: {
        schema: { columns: schema.columns.filter(({ name }) => own.includes(name)) },
        rows: { n: rows, exact: false },
        bytes,
        version: head.id,
        summary: `the keys of ${of.where}`,
      },
    }),
    bound: () => Promise.reject(notIncremental(of.where)),
    future: () => Promise.reject(notIncremental(of.where)),
    nulls: () => Promise.reject(notIncremental(of.where)),
    plan: async () => ({ done: { slices: [{ ref: {}, rows: null, bytes }] } }),
    async *read(_slice, { columns = own }, _from, signal) {
      const missing = columns.find((name) => !own.includes(name));
      if (missing !== undefined) throw keysUnknown(of.where, `Column ${missing} is not among the kept columns: ${own.join(', ')}.`);
      const wanted: Schema = { columns: schema.columns.filter(({ name }) => columns.includes(name)) };
      for await (const frame of newestRows(of, keys, signal)) {
        const { unset } = await frame.apart(deletedIn(own));
        if (unset.rows > 0) yield await rowsAsSettled(unset, wanted);
      }
    },
    [Symbol.asyncDispose]: async () => undefined,
  };
}

const keysUnknownCode = 'HYG-4120';

function keysUnknown(where: string, why: string): StoreError {
  return new StoreError({
    code: keysUnknownCode,
    what: `The keys of the rows in ${where} are not known, so they can't be compared with the source.`,
    why: [why, 'Fabric removes the files that hygge published, so hygge can’t read them again.'],
    tryThis: [`Load the table again once, which keeps the keys of all rows: ${rebuild}`, 'Or remove deletes'],
  });
}
