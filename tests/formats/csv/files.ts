import { realScratch } from '../../../src/adapters/real-scratch.ts';
import type { Frame } from '../../../src/engine/contracts/frame.ts';
import type { Window } from '../../../src/engine/contracts/home.ts';
import type { FileSource } from '../../../src/formats/contract/format.ts';
import { csvFormat } from '../../../src/formats/csv/csv.ts';
import type { ThreadsFrom } from '../../../src/formats/csv/options.ts';
import { describeType } from '../../../src/frames/describe-type.ts';
import { type Expr, type Polars, polars } from '../../../src/frames/native.ts';
import type { Column, DataType } from '../../../src/frames/schema.ts';
import { toArrow } from '../../../src/frames/values/from-polars.ts';
import { asPolars } from '../../../src/frames/values/polars-frame.ts';
import type { RejectedRow } from '../../../src/frames/values/rejected-rows.ts';
import type { Json } from '../../../src/ports/values.ts';

export const everything: Window = { column: null, lower: null, upper: null, nulls: 'include', seen: null, changedFiles: 'fail' };

/** A file in memory; on a local disk as far as the format can tell, unless it is `remote`. */
export function fileOf(content: string | Uint8Array, how: { readonly name?: string; readonly remote?: boolean } = {}): FileSource {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  return {
    name: how.name ?? 'orders.csv',
    bytes: bytes.length,
    ...(how.remote ? {} : { localPath: '/nowhere/orders.csv' }),
    // A copy: what is read belongs to the reader.
    read: async ({ start, end }) => Uint8Array.from(bytes.subarray(start, Math.min(end, bytes.length))),
  };
}

export interface Sizes {
  readonly chunkBytes?: number;
  readonly pieceBytes?: number;
  readonly frameRows?: number;
  readonly threads?: ThreadsFrom;
}

export interface Table {
  readonly types: readonly string[];
  readonly names: readonly string[];
  /** Values as exact texts: times as their number of units, dates as days. */
  readonly rows: readonly (readonly (string | null)[])[];
  readonly rejected: readonly RejectedRow[];
  readonly notes: readonly string[];
  readonly warnings: readonly string[];
  readonly pinned: Json;
  readonly frames: number;
}

export interface HowToRead extends Sizes {
  readonly pinned?: Json;
  readonly window?: Window;
  readonly columns?: readonly string[];
}

/** Samples, inspects, cuts and reads a file, as the home does. */
export async function readCsv(
  content: string | Uint8Array | FileSource,
  options: Readonly<Record<string, unknown>> = {},
  how: HowToRead = {},
): Promise<Table> {
  await using scratch = realScratch();
  const source = typeof content === 'string' || content instanceof Uint8Array ? fileOf(content) : content;
  const format = csvFormat(options, how);
  const sampled = await format.sample?.({ sources: [source], pinned: how.pinned ?? null, scratch, look: 'for a run' });
  if (!sampled) throw new Error('the format takes no samples');
  const found = await format.inspect(source, sampled.pinned);
  const pieces = (await format.cut?.({ source, content: found, pieceBytes: Number.MAX_SAFE_INTEGER })) ?? found.pieces;
  const rows: (readonly (string | null)[])[] = [];
  const rejected: RejectedRow[] = [];
  let frames = 0;
  for (const piece of pieces) {
    const read = format.read({
      source,
      content: found,
      from: piece.from,
      to: piece.to,
      window: how.window ?? everything,
      frameBytes: 32 * 1024 * 1024,
      frameRows: how.frameRows ?? 100_000,
      columns: how.columns ?? null,
      scratch,
      signal: new AbortController().signal,
    });
    for await (const item of read) {
      if ('rejected' in item) rejected.push(...item.rejected);
      else {
        frames++;
        rows.push(...(await cellsOf(item)));
      }
    }
  }
  return {
    ...describe(found.schema.columns),
    rows,
    rejected,
    notes: sampled.notes.map(({ text }) => text),
    warnings: (sampled.warnings ?? []).map(({ text }) => text),
    pinned: sampled.pinned,
    frames,
  };
}

function describe(columns: readonly Column[]): { readonly names: readonly string[]; readonly types: readonly string[] } {
  return { names: columns.map(({ name }) => name), types: columns.map(({ type }) => describeType(type)) };
}

/** Rows of a frame as exact texts. */
export async function cellsOf(frame: Frame): Promise<readonly (readonly (string | null)[])[]> {
  const pl = await polars();
  const { columns } = frame.schema;
  const data = await asPolars(frame).collect();
  const plain = columns.filter(({ type }) => type.kind !== 'binary');
  const table = await toArrow(
    await data
      .lazy()
      .select(...asTexts(pl, plain))
      .collect(),
  );
  const binary = plain.length === columns.length ? undefined : await toArrow(data);
  return Array.from({ length: frame.rows }, (_, row) =>
    columns.map(({ name, type }): string | null => {
      const value: unknown = type.kind === 'binary' ? binary?.getChild(name)?.get(row) : table.getChild(name)?.get(row);
      if (value === null || value === undefined) return null;
      return value instanceof Uint8Array ? Buffer.from(value).toString('hex') : String(value);
    }),
  );
}

/** Few expressions for any number of columns: each is an object of two hundred functions. */
function asTexts(pl: typeof Polars, columns: readonly Column[]): readonly Expr[] {
  return ['units', 'float', 'text'].flatMap((form) => {
    const names = columns.filter(({ type }) => formOf(type) === form).map(({ name }) => name);
    if (names.length === 0) return [];
    const values = pl.col(names);
    if (form === 'float') return [values];
    return [(form === 'units' ? values.cast(pl.Int64) : values).cast(pl.String)];
  });
}

function formOf({ kind }: DataType): 'units' | 'float' | 'text' {
  if (['timestamp', 'time', 'duration', 'date'].includes(kind)) return 'units';
  return kind === 'float32' || kind === 'float64' ? 'float' : 'text';
}

/** What the home says about a file that can't be read. */
export async function failureOf(
  reading: Promise<unknown>,
): Promise<{ code: string; what: string; why: readonly string[]; tryThis: readonly string[] }> {
  try {
    await reading;
  } catch (error) {
    const { code, what, why, tryThis } = error as { code: string; what: string; why: readonly string[]; tryThis: readonly string[] };
    if (code === undefined) throw error;
    return { code, what, why, tryThis };
  }
  throw new Error('it did not fail');
}
