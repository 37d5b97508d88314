/**
 * Checks whether a version of a mirrored table has the rows in the landing zone. Fabric applies files in the order of their numbers and moves them away later, so
 * only rows of files that were not moved can be missing. These files are applied if the table has the newest row of each of their keys, and no deleted row. Row
 * counts can’t show that, because an update changes no count.
 */
import type { Frame } from '../../engine/contracts/frame.ts';
import { everything, type Home, isFrame, usualSliceBytes } from '../../engine/contracts/home.ts';
import { count, counted } from '../../errors/as-argument.ts';
import type { Format } from '../../formats/contract/format.ts';
import { rowHashes } from '../../frames/row-sum/row-hashes.ts';
import type { Column, Schema } from '../../frames/schema.ts';
import { asPolars } from '../../frames/values/polars-frame.ts';
import type { Scratch } from '../../ports/scratch.ts';
import type { Instant } from '../../ports/values.ts';
import type { FilesHead } from '../store/head/head-log.ts';
import { rowsAsSettled } from '../store/settled-home.ts';
import { keyColumnsOf } from './metadata.ts';
import type { MirroredTable } from './mirrored-home.ts';
import { findFile, type LandedNumbers, type LandingTable } from './numbers.ts';
import { openFile, rowsOfFile } from './opened-files.ts';
import { markerName } from './row-marker.ts';

export interface WaitingOptions {
  readonly table: LandingTable;
  readonly format: Format;
  readonly scratch: Scratch;
  /** The table, for messages. */
  readonly where: string;
}

interface Asked {
  readonly head: FilesHead;
  readonly landed: LandedNumbers;
  readonly mirrored: Pick<MirroredTable, 'version' | 'committedMs' | 'rows' | 'home'>;
  /** When the head moved, which is after its last file was published. */
  readonly publishedAt: Instant | undefined;
}

/** The maximum number of rows to look up. Each row needs some hundred bytes of memory. */
const mostRows = 1_000_000;

/** The missing rows, as a sentence without a full stop. Null: the version has all rows. */
export async function missingRows(options: WaitingOptions, { head, landed, mirrored, publishedAt }: Asked): Promise<string | null> {
  const { schema, nextNumber } = head;
  const version = `version ${mirrored.version} of the mirrored table`;
  if (schema === null || nextNumber === undefined) return `nothing shows which rows ${version} should have`;
  const waiting = landed.numbers.filter((number) => number < nextNumber && !landed.taken.has(number));
  if (waiting.length === 0) return null;
  if (waiting.includes(1) && !isOfThisTable(head, mirrored.committedMs, publishedAt))
    return `${version} may be a version of the table before the last full load`;
  const key = await keyColumnsOf(options.table);
  if (key.length === 0) return missingByCount(head, mirrored.rows, version);
  const rows = new WaitingRows(schema, key);
  for (const number of waiting) {
    const found = await findFile(options.table, number);
    // Fabric has moved the file away and removed it, so its rows are applied.
    if (found === undefined) continue;
    const opened = await openFile({ files: options.table.files, ...options }, found);
    if (rows.size + rowsIn(opened.content) > mostRows)
      return `Fabric may not have applied ${counted(waiting.length, 'file')} yet, with too many rows to look up`;
    for await (const frame of rowsOfFile(options, opened, null, never)) await rows.add(frame);
  }
  const missing = await rows.missingIn(mirrored.home);
  return missing === 0 ? null : `${version} lacks ${counted(missing, 'row')} of the ${count(rows.size)} that the last files changed`;
}

const never = new AbortController().signal;

const rowsIn = ({ pieces }: { readonly pieces: readonly { readonly rows: number | null }[] }) =>
  pieces.reduce((sum, { rows }) => sum + (rows ?? 0), 0);

/** Whether a version belongs to the table of the head. A full load waits until the old table is removed. So if the version was committed after the full load, its table is the new table. */
function isOfThisTable({ isAnew, anewEpoch }: FilesHead, committedMs: number | null, publishedAt: Instant | undefined): boolean {
  if (isAnew !== true && anewEpoch === undefined) return true;
  return committedMs !== null && publishedAt !== undefined && committedMs > Date.parse(publishedAt);
}

/** The missing rows by the row count, for rows without a key. Such rows are only added, so if the row counts are equal, the table has all rows. */
function missingByCount({ rows: published, firstNumber }: FilesHead, rows: number | null, version: string): string | null {
  if (rows === null || firstNumber !== 1) return `nothing shows whether ${version} has the rows of the last files`;
  return rows >= published ? null : `${version} has ${counted(rows, 'row')} of the ${count(published)} that were published`;
}

/** The final state of each key in the waiting rows: the hash of its newest row; null: the key is deleted. */
class WaitingRows {
  readonly #schema: Schema;
  readonly #key: readonly Column[];
  readonly #wanted = new Map<bigint, bigint | null>();

  constructor(schema: Schema, key: readonly string[]) {
    const columns = schema.columns.filter(({ name }) => name !== markerName);
    this.#schema = { columns };
    this.#key = columns.filter(({ name }) => key.includes(name));
  }

  get size(): number {
    return this.#wanted.size;
  }

  /** Adds rows of a frame. The last row of a key counts. */
  async add(frame: Frame): Promise<void> {
    const markers = await markersOf(frame);
    const rows = await rowsAsSettled(frame, this.#schema);
    const [keys, hashes] = [await rowHashes(rows, this.#key), await rowHashes(rows, this.#schema.columns)];
    for (let row = 0; row < rows.rows; row++) this.#wanted.set(keys[row] as bigint, markers?.[row] === 2 ? null : (hashes[row] as bigint));
  }

  /** The number of keys whose state in the table differs: another row, no row, or a row although the key is deleted. */
  async missingIn(home: Home): Promise<number> {
    const lacking = new Set([...this.#wanted].flatMap(([key, hash]) => (hash === null ? [] : [key])));
    const tooMany = new Set<bigint>();
    const { slices } = await planned(home);
    for (const slice of slices)
      for await (const item of home.read(slice, everything, undefined, never)) {
        if (!isFrame(item)) continue;
        const [keys, hashes] = [await rowHashes(item, this.#key), await rowHashes(item, this.#schema.columns)];
        for (let row = 0; row < item.rows; row++) {
          const key = keys[row] as bigint;
          const wanted = this.#wanted.get(key);
          if (wanted === null) tooMany.add(key);
          else if (wanted === hashes[row]) lacking.delete(key);
        }
      }
    return lacking.size + tooMany.size;
  }
}

async function planned(home: Home) {
  const step = await home.plan(everything, { sliceBytes: usualSliceBytes });
  if (!('done' in step)) throw new Error('a mirrored table is planned in several steps');
  return step.done;
}

/** The markers of the rows; undefined: the file has no marker, so all rows are updated or inserted. */
async function markersOf(frame: Frame): Promise<readonly unknown[] | undefined> {
  if (!frame.schema.columns.some(({ name }) => name === markerName)) return undefined;
  return (await asPolars(frame).collect()).getColumn(markerName).toArray();
}
