/**
 * The newest row of each key is the last one that Fabric applies. Rows come from many slices in any order, so the rows of a key that has several are looked at
 * before a commit is decided, and a newest row that is not the last one is published once more, after all others.
 */
import { keyTwice } from '../../engine/contracts/errors.ts';
import type { Frame } from '../../engine/contracts/frame.ts';
import { everything } from '../../engine/contracts/home.ts';
import type { FrameToStage, PartRole } from '../../engine/contracts/store.ts';
import type { FileContent, FileSource, Format } from '../../formats/contract/format.ts';
import type { Cell } from '../../frames/cell.ts';
import { overRows } from '../../frames/cells.ts';
import { canonicalTexts, rowHashes } from '../../frames/row-sum/row-hashes.ts';
import { compareWatermarkKeys, type WatermarkKey } from '../../frames/watermark-text.ts';
import type { FileSystem, StagedFile } from '../../ports/filesystem.ts';
import type { Scratch } from '../../ports/scratch.ts';
import { fileSource } from './numbers.ts';

export interface KeyedParts {
  readonly files: Pick<FileSystem, 'read'>;
  readonly format: Format;
  readonly scratch: Scratch;
  /** For people: the table. */
  readonly where: string;
  /** The settled names of the key's columns. */
  readonly key: readonly string[];
  /** The settled name of the watermark's column; null: the rows have none. */
  readonly watermark: string | null;
  /** In the order in which Fabric will apply them. Rows of the role `deleted` only say that their key goes. */
  readonly parts: readonly (StagedFile & { readonly rows: number; readonly role: PartRole })[];
}

/** `newestAgain`, or what stands for it where frames are simulated. */
export type NewestRows = (of: KeyedParts) => AsyncIterable<FrameToStage>;

export interface KeyLimits {
  /** Hashes of keys that are held at once, 8 bytes each. Of more rows, the parts are read several times. */
  readonly mostHeld: number;
  /** Of more rows than these, hashes are held of those alone whose slot another one shares: a slot is so many bits of a hash. Two bits a slot. */
  readonly slotBits: number;
  /** Keys with several rows that are looked at together. */
  readonly mostTwice: number;
}

const usual: KeyLimits = { mostHeld: 8_000_000, slotBits: 28, mostTwice: 200_000 };
const frameBytes = 32 * 1024 * 1024;
const frameRows = 245_760;

/**
 * The rows to publish once more, with all their columns. None: the newest row of each key is the last one already. Throws StoreError HYG-4016 if the watermark does
 * not tell which of two different rows of a key is the newer one, or whether the key goes.
 */
export async function* newestAgain(
  of: KeyedParts,
  limits: KeyLimits = usual,
  signal = new AbortController().signal,
): AsyncGenerator<FrameToStage> {
  const rows = of.parts.reduce((sum, part) => sum + part.rows, 0);
  if (of.key.length === 0 || rows < 2) return;
  const opened = await Promise.all(of.parts.map((part) => open(of, part)));
  const shared = rows <= limits.mostHeld ? null : await sharedSlots(of, opened, { slotBits: limits.slotBits, signal });
  const most = shared?.most ?? rows;
  const shares = Math.ceil(most / limits.mostHeld);
  for (let share = 0; share < shares; share++) {
    const twice = await hashesThereTwice(of, opened, { share, shares, most, slots: shared?.slots, signal });
    for (let at = 0; at < twice.length; at += limits.mostTwice) {
      const places = await placesAgain(of, opened, { hashes: new Set(twice.slice(at, at + limits.mostTwice)), signal });
      if (places.length > 0) yield* rowsAt(of, opened, { places, signal });
    }
  }
}

interface OpenedPart {
  readonly isDeleted: boolean;
  readonly source: FileSource;
  readonly content: FileContent;
}

async function open({ files, format, where }: KeyedParts, { staged, bytes, role }: KeyedParts['parts'][number]): Promise<OpenedPart> {
  const source = fileSource(files, { name: `${where}: ${staged}`, path: staged, bytes });
  return { isDeleted: role === 'deleted', source, content: await format.inspect(source, null) };
}

/** @param columns null: all of them. `at`: the place of the frame's first row among all rows. */
async function* framesOf(
  { format, scratch }: KeyedParts,
  opened: readonly OpenedPart[],
  { columns, signal }: { readonly columns: readonly string[] | null; readonly signal: AbortSignal },
): AsyncGenerator<{ readonly frame: Frame; readonly at: number; readonly isDeleted: boolean }> {
  let at = 0;
  for (const { source, content, isDeleted } of opened) {
    for (const { from, to } of content.pieces) {
      for await (const frame of format.read({
        ...{ source, content, from, to, columns, scratch, signal, frameBytes, frameRows },
        window: everything,
      })) {
        if ('rejected' in frame) throw new Error(`${source.name} was staged with rows that can't be read`);
        yield { frame, at, isDeleted };
        at += frame.rows;
      }
    }
  }
}

const keyHashes = (frame: Frame, { key }: Pick<KeyedParts, 'key'>) => rowHashes(frame, columnsIn(frame, key));

const columnsIn = ({ schema }: Frame, names: readonly string[]) =>
  names.map((name) => ({ name, type: schema.columns.find((column) => column.name === name)?.type ?? { kind: 'string' as const } }));

/** Slots of the upper half of a hash, a bit each. */
class Slots {
  readonly #bits: Uint32Array;
  readonly #shift: number;

  constructor(slotBits: number) {
    this.#bits = new Uint32Array(Math.max(1, 2 ** (slotBits - 5)));
    this.#shift = 32 - slotBits;
  }

  has(upper: number): boolean {
    const slot = upper >>> this.#shift;
    return ((this.#bits[slot >>> 5] as number) & (1 << (slot & 31))) !== 0;
  }

  add(upper: number): void {
    const slot = upper >>> this.#shift;
    (this.#bits[slot >>> 5] as number) |= 1 << (slot & 31);
  }
}

interface SharedSlots {
  readonly slots: Slots;
  /** At most so many rows have a hash in one of them. */
  readonly most: number;
}

/** The slots that several rows have: a key that is there twice is in one of them, and few others are. */
async function sharedSlots(
  of: KeyedParts,
  opened: readonly OpenedPart[],
  { slotBits, signal }: { readonly slotBits: number; readonly signal: AbortSignal },
): Promise<SharedSlots> {
  const [seen, slots] = [new Slots(slotBits), new Slots(slotBits)];
  let again = 0;
  for await (const { frame } of framesOf(of, opened, { columns: of.key, signal })) {
    const words = new Int32Array((await keyHashes(frame, of)).buffer);
    for (let i = 1; i < words.length; i += 2) {
      const upper = words[i] as number;
      if (!seen.has(upper)) {
        seen.add(upper);
        continue;
      }
      slots.add(upper);
      again++;
    }
  }
  return { slots, most: 2 * again };
}

/** The hashes that several rows of a share have, each once, in ascending order. */
async function hashesThereTwice(
  of: KeyedParts,
  opened: readonly OpenedPart[],
  {
    share,
    shares,
    most,
    slots,
    signal,
  }: {
    readonly share: number;
    readonly shares: number;
    readonly most: number;
    readonly slots: Slots | undefined;
    readonly signal: AbortSignal;
  },
): Promise<BigInt64Array> {
  // As halves: a bigint for each would cost more than all the rest.
  let held = new Int32Array(2 * Math.ceil(most / shares));
  let size = 0;
  for await (const { frame } of framesOf(of, opened, { columns: of.key, signal })) {
    const words = new Int32Array((await keyHashes(frame, of)).buffer);
    for (let i = 0; i < words.length; i += 2) {
      const lower = words[i] as number;
      const upper = words[i + 1] as number;
      if ((shares > 1 && (lower >>> 0) % shares !== share) || slots?.has(upper) === false) continue;
      if (size === held.length) held = enlarged(held);
      held[size++] = lower;
      held[size++] = upper;
    }
  }
  const all = new BigInt64Array(held.buffer, 0, size / 2).sort();
  const isAsBefore = (i: number) => held[2 * i] === held[2 * i - 2] && held[2 * i + 1] === held[2 * i - 1];
  return all.filter((_, i) => i > 0 && isAsBefore(i) && (i === 1 || !isAsBefore(i - 1)));
}

function enlarged(from: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const to = new Int32Array(from.length * 2);
  to.set(from);
  return to;
}

/** What is known of a key while its rows go by. */
interface NewestRow {
  readonly watermark: WatermarkKey | null;
  /** The place of the newest row, of several alike the last one. */
  readonly at: number;
  /** The hash of the whole row; `deleted`: the key goes. */
  readonly row: bigint | 'deleted';
  /** Another row has the same watermark. */
  readonly isDisputed: boolean;
  /** The place of the last row of the key. */
  readonly last: number;
}

/** The places of rows that are the newest of their keys and not the last, ascending. */
async function placesAgain(
  of: KeyedParts,
  opened: readonly OpenedPart[],
  { hashes, signal }: { readonly hashes: ReadonlySet<bigint>; readonly signal: AbortSignal },
): Promise<readonly number[]> {
  const keys = new Map<string, NewestRow>();
  for await (const { frame, at, isDeleted } of framesOf(of, opened, { columns: null, signal })) {
    const keep = Uint8Array.from(await keyHashes(frame, of), (hash) => (hashes.has(hash) ? 1 : 0));
    const places = [...keep.keys()].filter((row) => keep[row] === 1);
    if (places.length === 0) continue;
    const picked = await frame.pick(keep);
    const texts = await canonicalTexts(picked, columnsIn(picked, of.key));
    const rows = await rowHashes(picked, picked.schema.columns);
    const watermarks = await watermarksOf(picked, of.watermark);
    for (const [i, place] of places.entries()) {
      const name = JSON.stringify(texts[i]);
      const row = isDeleted ? 'deleted' : (rows[i] as bigint);
      keys.set(name, newer(keys.get(name), { watermark: watermarks[i] ?? null, at: at + place, row }));
    }
  }
  const disputed = [...keys].find(([, { isDisputed }]) => isDisputed);
  if (disputed !== undefined) throw keyTwice(of.where, { key: of.key, example: (JSON.parse(disputed[0]) as string[]).join(', ') });
  return [...keys.values()].flatMap(({ at, last }) => (at === last ? [] : [at])).sort((a, b) => a - b);
}

function newer(before: NewestRow | undefined, row: Pick<NewestRow, 'watermark' | 'at' | 'row'>): NewestRow {
  const last = row.at;
  if (before === undefined) return { ...row, last, isDisputed: false };
  const order = compared(row.watermark, before.watermark);
  if (order > 0) return { ...row, last, isDisputed: false };
  if (order < 0) return { ...before, last };
  return { ...row, last, isDisputed: before.isDisputed || row.row !== before.row };
}

/** A row without a watermark is older than any other. */
function compared(one: WatermarkKey | null, other: WatermarkKey | null): number {
  if (one === null || other === null) return Number(one !== null) - Number(other !== null);
  return compareWatermarkKeys(one, other);
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
  { places, signal }: { readonly places: readonly number[]; readonly signal: AbortSignal },
): AsyncGenerator<FrameToStage> {
  let next = 0;
  for await (const { frame, at, isDeleted } of framesOf(of, opened, { columns: null, signal })) {
    const keep = new Uint8Array(frame.rows);
    const first = next;
    for (; (places[next] ?? Number.POSITIVE_INFINITY) < at + frame.rows; next++) keep[(places[next] as number) - at] = 1;
    if (next > first) yield { role: isDeleted ? 'deleted' : 'data', frame: await frame.pick(keep) };
    if (next === places.length) return;
  }
}
