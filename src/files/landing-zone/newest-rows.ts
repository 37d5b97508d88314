/**
 * Ensures that the newest row of each key is the last row that Fabric applies. Rows arrive from many slices in any order, so rows with the same key are
 * compared before a commit is decided. If the newest row is not the last row, it is published once more after all others.
 */
import { keyTwice } from '../../engine/contracts/errors.ts';
import type { Frame } from '../../engine/contracts/frame.ts';
import type { FrameToStage, PartRole } from '../../engine/contracts/store.ts';
import { SpilledBytes } from '../../formats/bytes/spilled-bytes.ts';
import type { Format } from '../../formats/contract/format.ts';
import type { Cell } from '../../frames/cell.ts';
import { canonicalTexts, rowHashes } from '../../frames/row-sum/row-hashes.ts';
import { overRows } from '../../frames/values/cells.ts';
import type { WatermarkKey } from '../../frames/watermark-text.ts';
import { KeyPlaces } from '../../keys/key-places.ts';
import { compareOrNull } from '../../keys/watermark-list.ts';
import type { FileSystem, StagedFile } from '../../ports/filesystem.ts';
import type { Scratch } from '../../ports/scratch.ts';
import { type OpenedFile, openFile, rowsOfFile } from './opened-files.ts';
import { RowMarks } from './row-marks.ts';

export interface KeyedParts {
  readonly files: Pick<FileSystem, 'read'>;
  readonly format: Format;
  readonly scratch: Scratch;
  /** The table, for messages. */
  readonly where: string;
  /** The settled names of the key's columns. */
  readonly key: readonly string[];
  /** The settled name of the watermark's column; null: no watermark. */
  readonly watermark: string | null;
  /** The parts in the order in which Fabric will apply them. Rows of the role `deleted` only name keys to delete. */
  readonly parts: readonly (StagedFile & { readonly rows: number; readonly role: PartRole })[];
  /** Another reader that needs the same rows, so that the rows are read only once. */
  readonly reader?: KeyReader;
}

/** Receives all rows, in the order of the parts. */
export interface KeyReader {
  /** The settled names of the columns that the reader needs. */
  readonly columns: readonly string[];
  /** Receives a frame, which is valid until the returned promise has settled. */
  read(frame: Frame, role: 'data' | 'deleted'): Promise<void>;
}

/** `newestAgain`, or its replacement when frames are simulated. */
export type NewestRows = (of: KeyedParts) => AsyncIterable<FrameToStage>;

export interface KeyLimits {
  /** The number of key hashes that are compared at once. Further hashes may wait in scratch. */
  readonly mostHeld: number;
  /** The number of rows with repeated keys that are compared at once. More rows wait in scratch. */
  readonly mostCompared: number;
}

const usual: KeyLimits = { mostHeld: 200_000, mostCompared: 200_000 };

/**
 * The rows to publish once more, with all their columns. The result is empty if the newest row of each key is already the last. The keys of all files are
 * read once. If a key has several rows, the files with these rows are read twice more, with all columns. Throws StoreError HYG-4016 if the watermark does
 * not decide which of two different rows of a key is newer, or whether the key is deleted.
 */
export async function* newestAgain(
  of: KeyedParts,
  limits: KeyLimits = usual,
  signal = new AbortController().signal,
): AsyncGenerator<FrameToStage> {
  const rows = of.parts.reduce((sum, part) => sum + part.rows, 0);
  if (of.key.length === 0 || (rows < 2 && of.reader === undefined)) return;
  const opened = await Promise.all(of.parts.map((part) => open(of, part)));
  const repeated = new RowMarks(rows);
  await markRepeated(of, opened, { repeated, limits, signal });
  if (repeated.count === 0) return;
  const again = new RowMarks(rows);
  await markAgain(of, opened, { repeated, again, limits, signal });
  if (again.count > 0) yield* rowsAt(of, opened, { again, signal });
}

interface OpenedPart extends OpenedFile {
  readonly isDeleted: boolean;
  readonly rows: number;
}

async function open(of: KeyedParts, { staged, bytes, role, rows }: KeyedParts['parts'][number]): Promise<OpenedPart> {
  return { isDeleted: role === 'deleted', rows, ...(await openFile(of, { path: staged, bytes })) };
}

interface FrameAt {
  readonly frame: Frame;
  /** The position of the frame’s first row among all rows. */
  readonly at: number;
  readonly isDeleted: boolean;
}

/** The frames of the parts. @param columns null: all columns. `marked`: only files with marked rows are read. Absent: all files. */
async function* framesOf(
  of: KeyedParts,
  opened: readonly OpenedPart[],
  { columns, marked, signal }: { readonly columns: readonly string[] | null; readonly marked?: RowMarks; readonly signal: AbortSignal },
): AsyncGenerator<FrameAt> {
  let first = 0;
  for (const part of opened) {
    const { isDeleted, rows } = part;
    let at = first;
    first += rows;
    if (marked?.hasAny(at, rows) === false) continue;
    for await (const frame of rowsOfFile(of, part, columns, signal)) {
      yield { frame, at, isDeleted };
      at += frame.rows;
    }
  }
}

const keyHashes = (frame: Frame, { key }: Pick<KeyedParts, 'key'>) => rowHashes(frame, columnsIn(frame, key));

const columnsIn = ({ schema }: Frame, names: readonly string[]) =>
  names.map((name) => ({ name, type: schema.columns.find((column) => column.name === name)?.type ?? { kind: 'string' as const } }));

async function markRepeated(
  of: KeyedParts,
  opened: readonly OpenedPart[],
  { repeated, limits: { mostHeld }, signal }: { readonly repeated: RowMarks; readonly limits: KeyLimits; readonly signal: AbortSignal },
): Promise<void> {
  const { reader } = of;
  const columns = [...new Set([...of.key, ...(reader?.columns ?? [])])];
  await using keys = new KeyPlaces(of.scratch, { keysAtOnce: mostHeld });
  for await (const { frame, at, isDeleted } of framesOf(of, opened, { columns, signal })) {
    await reader?.read(frame, isDeleted ? 'deleted' : 'data');
    await keys.add(await keyHashes(frame, of), at);
  }
  await keys.pairs((earlier, later) => {
    repeated.add(earlier);
    repeated.add(later);
  });
}

/** The facts about a key while its rows are read. */
interface NewestRow {
  readonly watermark: WatermarkKey | null;
  /** The position of the newest row. If several rows are equal, the position of the last of them. */
  readonly at: number;
  /** The hash of the whole row; `deleted`: the row only deletes its key. */
  readonly row: bigint | 'deleted';
  /** Whether another row has the same watermark. */
  readonly isDisputed: boolean;
  /** The position of the last row of the key. */
  readonly last: number;
}

/** A row of a key that has several rows. */
interface ComparedRow extends Pick<NewestRow, 'watermark' | 'at' | 'row'> {
  /** The canonical texts of the key, as JSON. */
  readonly key: string;
}

/** Marks each row that is the newest row of its key but not the last. */
async function markAgain(
  of: KeyedParts,
  opened: readonly OpenedPart[],
  {
    repeated,
    again,
    limits: { mostCompared },
    signal,
  }: { readonly repeated: RowMarks; readonly again: RowMarks; readonly limits: KeyLimits; readonly signal: AbortSignal },
): Promise<void> {
  const shares = Math.ceil(repeated.count / mostCompared);
  await using compared = new ComparedRows(of.scratch, { shares, rowsAtOnce: Math.min(mostRowsAtOnce, mostCompared) });
  for await (const { frame, at, isDeleted } of framesOf(of, opened, { columns: null, marked: repeated, signal })) {
    const keep = repeated.of(at, frame.rows);
    if (keep === undefined) continue;
    const picked = await frame.pick(keep);
    const hashes = await keyHashes(picked, of);
    const texts = await canonicalTexts(picked, columnsIn(picked, of.key));
    const rows = await rowHashes(picked, picked.schema.columns);
    const watermarks = await watermarksOf(picked, of.watermark);
    let i = 0;
    for (let place = 0; place < keep.length; place++) {
      if (keep[place] === 0) continue;
      const row = isDeleted ? 'deleted' : (rows[i] as bigint);
      const share = Number(BigInt.asUintN(32, hashes[i] as bigint)) % shares;
      await compared.add(share, { key: JSON.stringify(texts[i]), watermark: watermarks[i] ?? null, at: at + place, row });
      i++;
    }
  }
  for (let share = 0; share < shares; share++) {
    const keys = new Map<string, NewestRow>();
    for (const { key, ...row } of await compared.of(share)) keys.set(key, newer(keys.get(key), row));
    for (const [key, { at, last, isDisputed }] of keys) {
      if (isDisputed) throw keyTwice(of.where, { key: of.key, example: (JSON.parse(key) as string[]).join(', ') });
      if (at !== last) again.add(at);
    }
  }
}

/** Rows in the order of their positions, divided into shares. A single share stays in memory; several shares wait in scratch as lines of text. */
class ComparedRows implements AsyncDisposable {
  readonly #spilled: SpilledBytes;
  /** For each share, the byte ranges of its lines in scratch. */
  readonly #blocks: { readonly start: number; readonly end: number }[][];
  readonly #most: number;
  readonly #held: ComparedRow[][];

  constructor(scratch: Scratch, { shares, rowsAtOnce }: { readonly shares: number; readonly rowsAtOnce: number }) {
    this.#spilled = new SpilledBytes(scratch, '.keys');
    this.#blocks = Array.from({ length: shares }, () => []);
    this.#most = shares === 1 ? Number.POSITIVE_INFINITY : rowsAtOnce;
    this.#held = Array.from({ length: shares }, () => []);
  }

  async add(share: number, row: ComparedRow): Promise<void> {
    const held = this.#held[share] as ComparedRow[];
    held.push(row);
    if (held.length < this.#most) return;
    this.#held[share] = [];
    const lines = Buffer.from(held.map(lineOf).join(''));
    const start = await this.#spilled.append(lines);
    this.#blocks[share]?.push({ start, end: start + lines.length });
  }

  async of(share: number): Promise<readonly ComparedRow[]> {
    const rows: ComparedRow[] = [];
    for (const block of this.#blocks[share] ?? []) {
      const lines = Buffer.from(await this.#spilled.read(block)).toString();
      rows.push(...lines.split('\n').slice(0, -1).map(rowIn));
    }
    return [...rows, ...(this.#held[share] ?? [])];
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#spilled[Symbol.asyncDispose]();
  }
}

/** The number of rows of a share that are written together. */
const mostRowsAtOnce = 256;

/** A row as a line of JSON. Bigints become texts, and their position in the line shows that they are bigints. */
function lineOf({ key, watermark, at, row }: ComparedRow): string {
  const [exact, text] = typeof watermark === 'bigint' ? [String(watermark), null] : [null, watermark];
  return `${JSON.stringify([key, exact, text, at, String(row)])}\n`;
}

function rowIn(line: string): ComparedRow {
  const [key, exact, text, at, row] = JSON.parse(line) as [string, string | null, string | null, number, string];
  return { key, watermark: exact === null ? text : BigInt(exact), at, row: row === 'deleted' ? row : BigInt(row) };
}

function newer(before: NewestRow | undefined, row: Pick<NewestRow, 'watermark' | 'at' | 'row'>): NewestRow {
  const last = row.at;
  if (before === undefined) return { ...row, last, isDisputed: false };
  const order = compareOrNull(row.watermark, before.watermark);
  if (order > 0) return { ...row, last, isDisputed: false };
  if (order < 0) return { ...before, last };
  return { ...row, last, isDisputed: before.isDisputed || row.row !== before.row };
}

async function watermarksOf(frame: Frame, column: string | null): Promise<readonly (WatermarkKey | null)[]> {
  const at = frame.schema.columns.findIndex(({ name }) => name === column);
  if (at < 0) return [];
  return overRows(frame, (rows) => [...rows].map((row) => orderedBy(row[at] ?? null)));
}

const orderedBy = (cell: Cell): WatermarkKey | null =>
  typeof cell === 'number' ? BigInt(cell) : typeof cell === 'bigint' || typeof cell === 'string' ? cell : null;

async function* rowsAt(
  of: KeyedParts,
  opened: readonly OpenedPart[],
  { again, signal }: { readonly again: RowMarks; readonly signal: AbortSignal },
): AsyncGenerator<FrameToStage> {
  for await (const { frame, at, isDeleted } of framesOf(of, opened, { columns: null, marked: again, signal })) {
    const keep = again.of(at, frame.rows);
    if (keep !== undefined) yield { role: isDeleted ? 'deleted' : 'data', frame: await frame.pick(keep) };
  }
}
